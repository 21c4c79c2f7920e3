import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RawData, WebSocket, WebSocketServer } from 'ws'
import { restartFrame } from './close-frame.ts'
import {
  appUnderTest,
  type AppUnderTest,
  movingPlane,
  type MovingPlane,
} from '../../../test/support/moving-plane.ts'
import { rawClient } from '../../../test/support/raw-client.ts'

interface Echoes extends AppUnderTest {
  readonly sockets: WebSocketServer
  /** How each of its connections was closed. */
  readonly codes: number[]
}

let blue: Echoes
let green: Echoes
let proxy: MovingPlane

beforeEach(async () => {
  blue = await echoes('blue')
  green = await echoes('green')
  proxy = await movingPlane(blue.port, green.port)
})

afterEach(async () => {
  await proxy.close()
  for (const app of [blue, green]) app.close()
})

async function echoes(name: string): Promise<Echoes> {
  const app = await appUnderTest((_request, response) => response.end(name))
  const sockets = new WebSocketServer({ server: app.server, maxPayload: 1e9 })
  const codes: number[] = []
  sockets.on('connection', (socket) => {
    socket.send(name)
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
    socket.on('close', (code) => codes.push(code))
  })
  return { ...app, sockets, codes }
}

/** Messages come in one piece. */
function textIn(data: RawData): string {
  return Buffer.isBuffer(data) ? data.toString('latin1') : ''
}

class Client {
  readonly socket: WebSocket
  readonly messages: string[] = []
  readonly openedAtMs: Promise<number>
  readonly closed: Promise<{ code: number; reason: string; atMs: number }>

  constructor() {
    this.socket = new WebSocket(`ws://127.0.0.1:${proxy.port}/`, { perMessageDeflate: false })
    this.socket.on('message', (data) => this.messages.push(textIn(data)))
    this.openedAtMs = new Promise((resolve, reject) => {
      this.socket.once('open', () => resolve(performance.now()))
      this.socket.once('error', reject)
    })
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (code, reason) =>
        resolve({ code, reason: String(reason), atMs: performance.now() }),
      )
    })
  }

  /** Sends it and resolves when it has come back. */
  async echo(text: string): Promise<void> {
    this.socket.send(text)
    await expect.poll(() => this.messages.at(-1)).toBe(text)
  }
}

async function opened(count: number): Promise<Client[]> {
  const clients = Array.from({ length: count }, () => new Client())
  await Promise.all(clients.map((client) => client.openedAtMs))
  return clients
}

const ending = (stayMs: number, spreadMs: number, reconnectsPerSecond = 0) => ({
  traffic: { ending: { stayMs, spreadMs, reconnectsPerSecond } },
})

describe('WebSockets on an instance that drains', () => {
  it('stay for a while, are closed one by one with 1012, and come back at a rate to the other release', async () => {
    const policy = { ...ending(500, 1500, 80), limits: { holdRequests: 1000 } }
    // Everybody is in this process: while it stands still, what happened is seen later, and together.
    const stalls = monitorEventLoopDelay({ resolution: 5 })
    stalls.enable()
    proxy.before(policy)
    const clients = await opened(150)
    // A route that changes in something else closes nobody.
    proxy.before({ ...policy, limits: { ...policy.limits, headMs: 20_000 } })
    await Promise.all(clients.map((client, at) => client.echo(`first ${at}`)))
    const drainedAtMs = performance.now()
    proxy.after(policy)
    await Promise.all(clients.map((client, at) => client.echo(`second ${at}`)))
    const back: Client[] = []
    const ends = await Promise.all(
      clients.map(async (client) => {
        const end = await client.closed
        back.push(new Client())
        return end
      }),
    )
    expect(new Set(ends.map(({ code }) => code))).toEqual(new Set([1012]))
    expect(ends[0]?.reason).toBe('come back, another one is here')
    const times = ends.map(({ atMs }) => atMs - drainedAtMs).toSorted((a, b) => a - b)
    const opens = (await Promise.all(back.map((client) => client.openedAtMs))).toSorted(
      (a, b) => a - b,
    )
    stalls.disable()
    const stalledMs = stalls.max / 1e6
    expect(times[0]).toBeGreaterThanOrEqual(495)
    expect(times.at(-1)).toBeLessThanOrEqual(2000 + stalledMs)
    expect((times[112] ?? 0) - (times[37] ?? 0)).toBeGreaterThan(400)
    // On the way from the gate to the client it may stand still twice.
    const sureMs = 1000 - 2 * stalledMs
    expect(sureMs).toBeGreaterThan(500)
    for (const [at, openedAtMs] of opens.entries()) {
      const soon = opens.slice(at).filter((other) => other < openedAtMs + sureMs)
      expect(soon.length).toBeLessThanOrEqual(84)
    }
    await expect.poll(() => back.every(({ messages }) => messages[0] === 'green')).toBe(true)
    expect(blue.codes).toEqual(Array<number>(150).fill(1012))
    const tally = await proxy.until(({ running }) => running[0]?.upgrades === 0)
    expect(tally.counts['blue']?.closed).toBe(150)
    expect(tally).toMatchObject({ refused: 0 })
    expect(tally.held).toBe(tally.released)
  })

  it('lose no message: what the client has sent before its own Close still arrives', async () => {
    proxy.before(ending(0, 200))
    const [client] = await opened(1)
    const received: string[] = []
    for (const socket of blue.sockets.clients)
      socket.on('message', (data) => received.push(textIn(data)))
    let sent = 0
    const timer = setInterval(() => {
      if (client?.socket.readyState === WebSocket.OPEN) client.socket.send(String((sent += 1)))
    }, 1)
    proxy.after(ending(0, 200))
    expect(await client?.closed).toMatchObject({ code: 1012 })
    clearInterval(timer)
    await expect.poll(() => received.length).toBe(sent)
  })

  it.each(['client', 'instance'])('wait for the end of a message of the %s', async (who) => {
    proxy.before(ending(100, 100))
    const [client] = await opened(1)
    const [server] = blue.sockets.clients
    // Its turn comes after that of the first one.
    const [other] = await opened(1)
    const [from, to] = who === 'client' ? [client?.socket, server] : [server, client?.socket]
    const whole = new Promise<number>((resolve) =>
      to?.once('message', (data) => resolve(textIn(data).length)),
    )
    from?.send('x'.repeat(70_000), { fin: false })
    proxy.after(ending(100, 100))
    expect(await other?.closed).toMatchObject({ code: 1012 })
    expect(client?.socket.readyState).toBe(WebSocket.OPEN)
    from?.send('y', { fin: true })
    expect(await whole).toBe(70_001)
    expect(await client?.closed).toMatchObject({ code: 1012 })
  })

  it('are closed in the middle of a stream of large messages, between two of them', async () => {
    proxy.before(ending(0, 100))
    const [client] = await opened(1)
    const [server] = blue.sockets.clients
    const large = 'z'.repeat(300_000)
    const more = () => {
      if (server?.readyState === WebSocket.OPEN) server.send(large, more)
    }
    more()
    await expect.poll(() => client?.messages.length).toBeGreaterThan(3)
    proxy.after(ending(0, 100))
    expect(await client?.closed).toMatchObject({ code: 1012 })
    const isWhole = (message: string): boolean => message === large
    expect(client?.messages.slice(1).every(isWhole)).toBe(true)
    await proxy.until(({ running }) => running[0]?.upgrades === 0)
  })

  it('stay when the instance serves again before their turn', async () => {
    proxy.before(ending(200, 100))
    const [client] = await opened(1)
    proxy.after(ending(200, 100))
    proxy.before(ending(200, 100))
    const since = performance.now()
    await expect.poll(() => performance.now() - since > 500).toBe(true)
    await client?.echo('still here')
  })

  it('are closed with 1012 one by one when the proxy itself ends', async () => {
    proxy.before()
    const clients = await opened(5)
    const drained = proxy.plane.drain(1000)
    await clients[0]?.echo('still here')
    proxy.plane.dismiss(500)
    const ends = await Promise.all(clients.map((client) => client.closed))
    expect(ends.map((end) => end.code)).toEqual(Array(5).fill(1012))
    await drained
    await expect.poll(() => blue.codes).toEqual(Array(5).fill(1012))
  })

  it('that are opened while it drains have a turn too, and the handshake ends well', async () => {
    blue.server.removeAllListeners('upgrade')
    const asked = Promise.withResolvers<() => void>()
    blue.server.on('upgrade', (request, socket, head) => {
      asked.resolve(() =>
        blue.sockets.handleUpgrade(request, socket, head, (each) =>
          blue.sockets.emit('connection', each, request),
        ),
      )
    })
    proxy.before(ending(0, 300))
    const client = new Client()
    const letIn = await asked.promise
    proxy.after(ending(0, 300))
    letIn()
    await client.openedAtMs
    expect(await client.closed).toMatchObject({ code: 1012 })
    expect(client.messages).toEqual(['blue'])
  })

  it('whose handshake is cut with the instance begin on the other release', async () => {
    blue.server.removeAllListeners('upgrade')
    blue.server.on('upgrade', (_request, socket) => setTimeout(() => socket.destroy(), 50))
    proxy.before(ending(0, 300))
    const client = new Client()
    await proxy.until(({ running }) => running[0]?.requests === 1)
    proxy.after(ending(0, 300))
    await client.openedAtMs
    await expect.poll(() => client.messages[0]).toBe('green')
  })

  it(
    'end without a reset when the client does not answer the Close',
    { timeout: 10_000 },
    async () => {
      proxy.before(ending(0, 100))
      const client = await rawClient(proxy.port)
      client.send(
        'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      )
      await client.until(/blue$/)
      proxy.after(ending(0, 100))
      const got = await client.until(/come back, another one is here$/)
      expect(Buffer.from(got.slice(-restartFrame().length), 'latin1')).toEqual(restartFrame())
      expect(await client.over()).toBe('end')
      await expect.poll(() => blue.codes).toEqual([1001])
    },
  )
})

describe('another changed protocol on an instance that drains', () => {
  it('is told that its client has said its last, and may finish', async () => {
    blue.server.removeAllListeners('upgrade')
    blue.server.on('upgrade', (_request, socket) => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n',
      )
      socket.on('end', () => socket.end('last words'))
    })
    proxy.before(ending(0, 100))
    const client = await rawClient(proxy.port)
    client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n')
    await client.until(/\r\n\r\n$/)
    proxy.after(ending(0, 100))
    await client.until(/last words$/)
    expect(await client.over()).toBe('end')
    await proxy.until(({ running }) => running[0]?.upgrades === 0)
  })
})
