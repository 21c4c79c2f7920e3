import { afterEach, describe, expect, it } from 'vitest'
import { demoMix } from '../../src/prove/demo-mix.ts'
import { judge } from '../../src/prove/judge.ts'
import { startLoad, type Load } from '../../src/prove/load.ts'
import { readLedger } from '../../src/prove/read-ledger.ts'
import { startNodeExample, type NodeExample } from '../support/node-example.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

describe('the node example under the whole mix', () => {
  it('does every piece of work exactly once and answers all of it', async () => {
    const app = await example()
    const report = judge(await loadOn(app).done, await readLedger(app.ledger))
    expect(report).toMatchObject({ proven: true, failed: 0, bad: {}, websockets: { cut: 0 } })
    const kinds = ['get', 'get-fresh', 'post', 'post-fresh', 'upload', 'download', 'websocket']
    expect(Object.keys(report.requestsByKind)).toEqual(expect.arrayContaining(kinds))
    expect(Object.keys(report.versions)).toEqual(['7'])
  })

  it('is sloppy: on SIGTERM it dies in the middle of its work, and the load sees it', async () => {
    const app = await example()
    const load = loadOn(app)
    while (load.countsSince().requests < 50) await new Promise(setImmediate)
    process.kill(app.pid, 'SIGTERM')
    expect(await app.ended).toBe('SIGTERM')
    const report = judge(await load.done, await readLedger(app.ledger))
    expect(report.proven).toBe(false)
    expect(report.resets).toBeGreaterThan(0)
    expect(report.websockets.cut).toBeGreaterThan(0)
  })

  it('answers a share of errors by itself when it is told to', async () => {
    const app = await example({ errors: 0.5 })
    const { bad, requests, failed } = await loadOn(app).done
    expect(failed).toBe(0)
    expect(bad['7']).toBeGreaterThan(requests * 0.4)
  })
})

describe('the node example', () => {
  it('can be never ready', async () => {
    const app = await example({ 'never-ready': true })
    expect((await get(app, '/readyz')).status).toBe(503)
    expect((await get(app, '/')).status).toBe(200)
  })

  it('can crash after it was ready', async () => {
    const app = await example({ 'crash-after-ready': 20 })
    expect((await get(app, '/readyz')).status).toBe(200)
    expect(await app.ended).toBe(1)
  })

  it('can ignore SIGTERM', async () => {
    const app = await example({ 'ignore-sigterm': true })
    process.kill(app.pid, 'SIGTERM')
    expect((await get(app, '/')).status).toBe(200)
  })

  it('can finish its work on SIGTERM', async () => {
    const app = await example({ graceful: true })
    const slow = get(app, '/slow?ms=200')
    await get(app, '/')
    process.kill(app.pid, 'SIGTERM')
    expect((await slow).status).toBe(200)
    expect(await app.ended).toBe(0)
  })
})

async function example(behaviour?: Record<string, unknown>): Promise<NodeExample> {
  const app = await startNodeExample(behaviour)
  stops.push(() => app.stop())
  return app
}

function loadOn({ port }: NodeExample): Load {
  const mix = demoMix({ perSecond: 200, run: 'test' })
  return startLoad({ host: '127.0.0.1', port }, { mix, forMs: 400, appMarks: 'always' })
}

function get({ port }: NodeExample, path: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`)
}
