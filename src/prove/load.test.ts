import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Strand } from './arrivals.ts'
import type { Call } from './call.ts'
import { judge } from './judge.ts'
import { startLoad, type Load } from './load.ts'
import type { LoadOptions } from './load-options.ts'

const open: (() => void)[] = []
afterEach(() => open.splice(0).forEach((close) => close()))

const get: Call = { kind: 'get', method: 'GET', path: '/', connection: 'kept' }

describe('a load', () => {
  it('counts what was answered, by version', async () => {
    const load = await loadOn(app({ 'x-version': '7' }))
    expect(await load.done).toMatchObject({ requests: 20, failed: 0, versions: { 7: 20 } })
  })

  it('ends by itself after its time', async () => {
    const load = await loadOn(app({}), { total: 1_000_000, forMs: 60 })
    const { requests } = await load.done
    expect(requests).toBeGreaterThan(5)
    expect(requests).toBeLessThan(20)
  })

  it('ends at once when it is aborted, and blames nobody', async () => {
    const abort = new AbortController()
    const stuck: RequestListener = () => abort.abort()
    const load = await loadOn(stuck, { signal: abort.signal })
    expect(await load.done).toMatchObject({ requests: 0, failed: 0 })
  })

  it('counts a connection that breaks after the request was written as reset', async () => {
    const port = await listen(
      createServer((socket) => socket.once('data', () => socket.resetAndDestroy())),
    )
    const { failed, resets, requests } = await start(port).done
    expect([requests, failed, resets]).toEqual([20, 20, 20])
  })

  it('counts an answer that stops in the middle as reset', async () => {
    const half = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'
    const port = await listen(createServer((socket) => socket.once('data', () => socket.end(half))))
    expect(await start(port).done).toMatchObject({ failed: 20, resets: 20 })
  })

  it('counts a refused connection as failed, not as reset', async () => {
    const server = createServer()
    const port = await listen(server)
    server.close()
    await once(server, 'close')
    expect(await start(port).done).toMatchObject({ failed: 20, resets: 0 })
  })

  it('counts an answer that never comes as failed', async () => {
    const load = await loadOn(() => {}, { total: 2, timeoutMs: 30 })
    const { failed, resets, failures } = await load.done
    expect([failed, resets, failures[0]?.reason]).toEqual([2, 0, 'timeout: no answer in 30 ms'])
  })

  it('counts an error the proxy signed as failed', async () => {
    const load = await loadOn(app({ server: 'midflight' }, 503))
    expect(await load.done).toMatchObject({ failed: 20, bad: {} })
  })

  it('counts an error the app answered as bad, by version', async () => {
    const load = await loadOn(app({ 'x-version': '2' }, 500))
    expect(await load.done).toMatchObject({ failed: 0, bad: { 2: 20 } })
  })

  it('knows an unmarked error as not the app’s when the app marks every answer', async () => {
    const load = await loadOn(app({}, 502), { appMarks: 'always' })
    expect(await load.done).toMatchObject({ failed: 20, bad: {} })
  })

  it('counts an answer with another content as failed', async () => {
    const check: Call['check'] = ({ body }) =>
      body.toString() === 'ok' ? undefined : `it says ${body.toString()}`
    const load = await loadOn((_, response) => response.end('no'), {
      mix: mixOf({ ...get, check }),
    })
    const { failed, failures } = await load.done
    expect([failed, failures[0]?.reason]).toEqual([20, 'it says no'])
  })

  it('shows a stall to every request that was due meanwhile', async () => {
    let first = true
    const load = await loadOn((_, response) => {
      if (first) block(150)
      first = false
      response.end('ok')
    })
    const { shortLatency } = await load.done
    expect(shortLatency.max).toBeGreaterThan(140)
    // One in twenty stood still; without an open loop only that one would be slow.
    expect(shortLatency.p50).toBeGreaterThan(30)
  })

  it('does not use a connection whose close was announced', async () => {
    const connections = new Set<Socket>()
    const load = await loadOn((request, response) => {
      connections.add(request.socket)
      response.setHeader('connection', 'close').end('ok')
    })
    expect(await load.done).toMatchObject({ requests: 20, failed: 0 })
    expect(connections.size).toBe(20)
  })

  it('keeps counts per phase', async () => {
    let errors = 0
    const load = await loadOn((_, response) => {
      response.writeHead(errors, { server: 'midflight' }).end()
    })
    errors = 200
    await requestsOf(load, 5)
    const mark = load.mark('worse')
    errors = 503
    const { phases, failed } = await load.done
    expect(phases.map((phase) => phase.name)).toEqual(['start', 'worse'])
    expect(phases.map((phase) => phase.failed)).toEqual([0, failed])
    expect(load.countsSince(mark).failed).toBe(failed)
  })

  it('does not begin more at once than it may', async () => {
    const load = await loadOn(() => {}, { inFlight: 3, timeoutMs: 150 })
    const { failures } = await load.done
    expect(failures.filter(({ reason }) => reason === 'not begun: 3 in flight').length).toBe(17)
  })
})

describe('severing', () => {
  it('excuses what broke on the announced ports, and repeats a GET once', async () => {
    const { load, kill } = await loadWithVictim()
    load.sever(kill.ports)
    kill.now()
    const result = await load.done
    expect(result.severed.requests).toBe(kill.ports.size)
    expect(result).toMatchObject({ failed: 0, resets: 0, requests: 20 + kill.ports.size })
  })

  it('may be announced a moment after the kill', async () => {
    const { load, kill } = await loadWithVictim()
    kill.now()
    await requestsOf(load, kill.ports.size)
    load.sever(kill.ports)
    const result = await load.done
    expect(result.severed.requests).toBe(kill.ports.size)
    expect(result).toMatchObject({ failed: 0, requests: 20 + kill.ports.size })
  })

  it('excuses no other connection', async () => {
    const { load, kill } = await loadWithVictim()
    load.sever(new Set([1]))
    kill.now()
    expect(await load.done).toMatchObject({ failed: kill.ports.size, severed: { requests: 0 } })
  })

  it('excuses no error that was answered on such a connection', async () => {
    const ports = new Set<number>()
    const load = await loadOn((request, response) => {
      ports.add(request.socket.remotePort ?? 0)
      response.writeHead(503, { server: 'midflight' }).end()
    })
    await requestsOf(load, 20)
    load.sever(ports)
    expect(await load.done).toMatchObject({ failed: 20, severed: { requests: 0 } })
  })

  it('leaves a POST to the ledger: done once or never, and not sent again', async () => {
    const post = (n: number): Call => ({
      ...get,
      kind: 'post',
      method: 'POST',
      effect: { id: `id-${n}` },
    })
    const { load, kill, seen } = await loadWithVictim([{ perSecond: 200, make: post }])
    load.sever(kill.ports)
    kill.now()
    const result = await load.done
    expect(result).toMatchObject({
      failed: 0,
      requests: 20,
      severed: { requests: kill.ports.size },
    })
    expect(seen()).toBe(20)
    const done = result.effects.map(({ id }) => ({ id, version: '1', pid: 1 }))
    expect(judge(result, done).proven).toBe(true)
  })
})

/** A server that holds the first three requests until it kills their connections, and answers the others. */
async function loadWithVictim(mix?: readonly Strand[]) {
  const held: Socket[] = []
  let count = 0
  const load = await loadOn(
    (request, response) => {
      count += 1
      if (count > 3) response.end('ok')
      else held.push(request.socket)
    },
    mix ? { mix } : {},
  )
  while (held.length < 3) await new Promise(setImmediate)
  const ports = new Set(held.map((socket) => socket.remotePort ?? 0))
  const now = () => held.forEach((socket) => socket.resetAndDestroy())
  return { load, kill: { ports, now }, seen: () => count }
}

async function requestsOf(load: Load, wanted: number): Promise<void> {
  while (load.countsSince().requests < wanted) await new Promise(setImmediate)
}

function app(headers: Record<string, string>, status = 200): RequestListener {
  return (_, response) => response.writeHead(status, headers).end('ok')
}

function mixOf(call: Call): readonly Strand[] {
  return [{ perSecond: 200, make: () => call }]
}

async function loadOn(listener: RequestListener, options: Partial<LoadOptions> = {}) {
  const server: Server = createHttpServer(listener)
  const port = await listen(server)
  open.push(() => server.closeAllConnections())
  return start(port, options)
}

function start(port: number, options: Partial<LoadOptions> = {}): Load {
  return startLoad({ host: '127.0.0.1', port }, { mix: mixOf(get), total: 20, ...options })
}

async function listen(server: Server | ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(() => server.close())
  return (server.address() as AddressInfo).port
}

function block(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}
