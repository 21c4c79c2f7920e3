import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from '../../src/lib/free-port.ts'
import { missing as missingPostgres, startPostgres } from '../support/postgres.ts'
import { missing as missingPython } from '../support/python.ts'
import { missing as missingRedis, startRedis } from '../support/redis.ts'

const missing = missingPostgres() ?? missingRedis() ?? missingPython()
const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

describe.skipIf(missing)(`the python example${missing ? ` (${missing})` : ''}`, () => {
  it('keeps each order once, and is not ready without its databases', async () => {
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
    stops.push(
      () => postgres.stop(),
      () => redis.stop(),
    )
    const url = await startApp({ DATABASE_URL: postgres.url, REDIS_URL: redis.url, VERSION: '7' })

    const health = await fetch(`${url}/health`)
    expect([health.status, health.headers.get('x-version')]).toEqual([200, '7'])
    const order = () => fetch(`${url}/orders`, { method: 'POST', headers: { 'x-id': 'one' } })
    expect((await order()).status).toBe(201)
    expect((await order()).status).toBe(409)
    expect(await (await fetch(url)).json()).toEqual({ version: '7', orders: 1 })

    await redis.stop()
    expect((await fetch(`${url}/health`)).status).toBe(503)
  })
})

async function startApp(env: Record<string, string>): Promise<string> {
  const port = await freePort()
  const args = ['--bind', `127.0.0.1:${port}`, '--workers', '1', '--threads', '8', 'app:app']
  const app = spawn('/usr/bin/gunicorn', args, {
    cwd: 'examples/02-python-service',
    env: { PATH: process.env['PATH'], PYTHONDONTWRITEBYTECODE: '1', ...env },
    stdio: 'ignore',
  })
  const ended = once(app, 'exit')
  stops.push(() => {
    app.kill('SIGTERM')
    return ended
  })
  const url = `http://127.0.0.1:${port}`
  while (!(await isUp(url))) {
    if (app.exitCode !== null) throw new Error('gunicorn ended while it started')
    await sleep(50)
  }
  return url
}

function isUp(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    (answer) => answer.ok,
    () => false,
  )
}
