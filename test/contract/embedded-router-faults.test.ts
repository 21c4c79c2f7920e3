import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { embeddedRouter, type EmbeddedRouter } from '../../src/drivers/routers/embedded/router.ts'
import { leftovers } from '../../src/prove/demo/leftovers.ts'
import {
  freeAddress,
  get,
  healthOf,
  testInstance,
  testRoute,
  until,
  type TestInstance,
} from './router-world.ts'

let stateDirectory: string
let router: EmbeddedRouter
let listen: Address
let v1: TestInstance
const route = () => testRoute(listen, { v1: 10_000 }, [v1.routed])

beforeEach(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'midflight-router-'))
  ;[v1, listen] = await Promise.all([testInstance('v1'), freeAddress()])
  router = embeddedRouter({ stateDirectory, workers: 2 })
})
afterEach(async () => {
  await router.stop({ drainMs: 0 })
  await v1.close()
  await rm(stateDirectory, { recursive: true })
})

async function workerPids(): Promise<number[]> {
  return (await router.status())?.workers.map(({ pid }) => pid) ?? []
}

async function supervisorPid(): Promise<number> {
  return (await router.status())?.pid ?? 0
}

describe('a worker that is killed', () => {
  it('is replaced within a second, and no connection it had not accepted is lost', async () => {
    await router.apply(route())
    await get(listen, '/')
    const before = await workerPids()
    const killedAt = Date.now()
    for (const pid of before) process.kill(pid, 'SIGKILL')
    const answers = Promise.all(Array.from({ length: 50 }, () => get(listen, '/')))
    await until(async () => {
      const now = await workerPids()
      return now.length === 2 && now.every((pid) => !before.includes(pid))
    })
    expect(Date.now() - killedAt).toBeLessThan(1_000)
    expect(new Set(await answers)).toEqual(new Set(['v1']))
  })

  it('is not forgotten in the counts', async () => {
    await router.apply(route())
    const seen = async () => (await router.read('shop'))?.counts['v1']?.answers[2]
    for (let count = 0; count < 10; count += 1) await get(listen, '/')
    await until(async () => (await seen()) === 10)
    for (const pid of await workerPids()) process.kill(pid, 'SIGKILL')
    await get(listen, '/')
    await until(async () => (await seen()) === 11)
  })
})

describe('a supervisor that is killed', () => {
  it('comes back with the same routes when it is asked for them', async () => {
    await router.apply(route())
    const pid = await supervisorPid()
    process.kill(pid, 'SIGKILL')
    expect((await router.read('shop'))?.route).toEqual(route())
    expect(await supervisorPid()).not.toBe(pid)
    expect(await get(listen, '/')).toBe('v1')
  })

  it('has its counts carried on, so that no gate takes them for a new beginning', async () => {
    await router.apply(route())
    for (let count = 0; count < 10; count += 1) await get(listen, '/')
    const tally = join(stateDirectory, 'proxy', 'tally.json')
    await until(() => existsSync(tally) && readFileSync(tally, 'utf8').includes('"requests":10'))
    process.kill(await supervisorPid(), 'SIGKILL')
    await until(async () => ((await router.read('shop'))?.counts['v1']?.requests ?? 0) >= 10)
  })

  it('comes back for the next route', async () => {
    await router.apply(route())
    process.kill(await supervisorPid(), 'SIGKILL')
    const elsewhere = await freeAddress()
    await router.apply({ ...route(), listen: elsewhere })
    expect(await get(elsewhere, '/')).toBe('v1')
  })

  it('has its running requests finished by the workers it leaves behind', async () => {
    await router.apply(route())
    const slow = get(listen, '/slow')
    await until(() => v1.slowWaits())
    process.kill(await supervisorPid(), 'SIGKILL')
    await router.start()
    v1.release()
    expect(await slow).toBe('v1')
  })
})

describe('a controller that is killed', () => {
  it('takes nothing of the proxy with it', async () => {
    const source = join(import.meta.dirname, '../../src/drivers/routers/embedded/router.ts')
    const program = `
      const { embeddedRouter } = await import(${JSON.stringify(source)})
      await embeddedRouter({ stateDirectory: ${JSON.stringify(stateDirectory)}, workers: 2 }).start()
      process.kill(-process.pid, 'SIGKILL')`
    const controller = spawn(process.execPath, ['--input-type=module', '-e', program], {
      detached: true,
      stdio: 'inherit',
    })
    expect(await once(controller, 'exit')).toEqual([null, 'SIGKILL'])
    const before = await router.status()
    expect(before?.workers).toHaveLength(2)
    await router.apply(route())
    expect(await get(listen, '/')).toBe('v1')
    expect(await router.status()).toMatchObject({ pid: before?.pid, workers: before?.workers })
  })
})

describe('a proxy that is stopped', () => {
  it('is gone, also when it was only on its way up', async () => {
    await router.start()
    await router.stop({ drainMs: 0 })
    expect(leftovers(stateDirectory)).toEqual([])
    const giving = new AbortController()
    const start = router.start({ signal: giving.signal })
    await until(() => leftovers(stateDirectory).length > 0)
    giving.abort(new Error('enough'))
    await expect(start).rejects.toThrow('enough')
    await router.stop({ drainMs: 0 })
    expect(leftovers(stateDirectory)).toEqual([])
  })
})

describe('two that start the proxy at once', () => {
  it('end up with the same one', async () => {
    const other = embeddedRouter({ stateDirectory, workers: 2 })
    await Promise.all([router.start(), other.start(), router.start()])
    expect((await other.status())?.pid).toBe(await supervisorPid())
  })
})

describe('a port that is taken', () => {
  it('is refused with the pid of its owner, and nothing is changed', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    await router.apply(route())
    const { port } = taken.address() as { port: number }
    await expect(router.apply({ ...route(), listen: { ...listen, port } })).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining(`port ${port} is in use by pid ${process.pid}`),
    })
    expect((await router.read('shop'))?.route).toEqual(route())
    expect(await get(listen, '/')).toBe('v1')
    taken.close()
  })

  it('is refused when another service of the proxy has it', async () => {
    await router.apply(route())
    await expect(router.apply({ ...route(), service: 'till' })).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining('for the service shop'),
    })
  })
})

describe('a snapshot', () => {
  const path = () => join(stateDirectory, 'proxy', 'snapshot.json')

  it('that is corrupt or cut short is refused and left as it is', async () => {
    await router.apply(route())
    await router.stop({ drainMs: 0 })
    const whole = await readFile(path(), 'utf8')
    for (const broken of [whole.replace('"v1":10000', '"v1":10001'), whole.slice(0, 200), '']) {
      await writeFile(path(), broken)
      await expect(router.start()).rejects.toMatchObject({
        code: 'snapshot-corrupt',
        hint: expect.stringContaining('Move all of it away'),
      })
      expect(await readFile(path(), 'utf8')).toBe(broken)
    }
  })

  it('may be read by its owner only, like the socket and the log', async () => {
    await router.apply(route())
    for (const name of ['snapshot.json', 'control.sock', 'proxy.log']) {
      const { mode } = await stat(join(stateDirectory, 'proxy', name))
      expect([name, (mode & 0o777).toString(8)]).toEqual([name, '600'])
    }
  })
})

describe('an instance', () => {
  it('begins unproven, is up when it answers, and down after as many bad checks as asked for', async () => {
    v1.answerReady(503)
    await router.apply(route())
    const reason = async () => (await router.read('shop'))?.instances[0]?.reason
    await until(async () => (await reason()) === 'answered 503 on GET /readyz')
    expect(await healthOf(router, v1.routed.id)).toBe('unproven')
    v1.answerReady(200)
    await until(async () => (await healthOf(router, v1.routed.id)) === 'up')
    v1.answerReady(500)
    await until(async () => (await healthOf(router, v1.routed.id)) === 'down')
    expect(await reason()).toBe('answered 500 on GET /readyz')
  })

  it('is out at once when a connection to it is refused', async () => {
    const calm = { ...route().ready, intervalMs: 60_000, up: 1, down: 3 }
    const gone = await testInstance('v1', 1)
    await router.apply({
      ...testRoute(listen, { v1: 10_000 }, [v1.routed, gone.routed]),
      ready: calm,
    })
    await until(async () => (await healthOf(router, gone.routed.id)) === 'up')
    await gone.close()
    await until(async () => {
      await get(listen, '/')
      return (await healthOf(router, gone.routed.id)) === 'down'
    })
    expect((await router.read('shop'))?.instances[1]?.reason).toContain('refused')
  })

  it('is unproven again when another process has its place', async () => {
    await router.apply(route())
    await until(async () => (await healthOf(router, v1.routed.id)) === 'up')
    v1.answerReady(503)
    await router.apply(testRoute(listen, { v1: 10_000 }, [{ ...v1.routed, generation: 'next' }]))
    expect(await healthOf(router, v1.routed.id)).toBe('unproven')
  })
})

describe('the log', () => {
  it('holds one record a line', async () => {
    await router.start()
    const log = join(stateDirectory, 'proxy', 'proxy.log')
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(['started'])
  })
})
