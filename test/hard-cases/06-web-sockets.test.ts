import { once } from 'node:events'
import { expect, it } from 'vitest'
import { type RawData, WebSocket } from 'ws'
import { appInstance, draining, type ProxyOfTwo, proxyOfTwo } from '../support/proxy-and-apps.ts'

const EACH = 80
const HANDSHAKES = 10
const RATE = 80
const STAY_MS = 1500
const SPREAD_MS = 1000

interface Client {
  readonly socket: WebSocket
  readonly messages: string[]
  /** The first message. */
  readonly greeted: Promise<string>
  readonly openedAtMs: Promise<number>
  readonly closed: Promise<{ readonly code: number; readonly atMs: number }>
}

/** Messages come in one piece. */
const textIn = (data: RawData): string => (Buffer.isBuffer(data) ? data.toString('latin1') : '')

function clientOf({ port }: ProxyOfTwo, path = '/'): Client {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { perMessageDeflate: false })
  const messages: string[] = []
  socket.on('message', (data) => messages.push(textIn(data)))
  return {
    socket,
    messages,
    greeted: once(socket, 'message').then(([data]) => textIn(data as RawData)),
    openedAtMs: once(socket, 'open').then(() => performance.now()),
    closed: new Promise((resolve) => {
      socket.once('close', (code) => resolve({ code, atMs: performance.now() }))
    }),
  }
}

async function opened(proxy: ProxyOfTwo, count: number): Promise<Client[]> {
  const clients = Array.from({ length: count }, () => clientOf(proxy))
  await Promise.all(clients.map(({ openedAtMs }) => openedAtMs))
  return clients
}

async function echo({ socket, messages }: Client, text: string): Promise<void> {
  const echoed = () => messages.at(-1) === text
  socket.send(text)
  while (!echoed()) await once(socket, 'message')
}

it('WebSockets stay through a deploy for a while, are closed one by one with 1012, and come back to the new release at a rate', async () => {
  // given sockets to blue through both workers, which echo, also after a change of the route that is not about them
  const [blue, green] = await Promise.all([appInstance('blue'), appInstance('green')])
  const proxy = await proxyOfTwo()
  const limits = { holdRequests: 1000, holdMs: 30_000 }
  const ending = { stayMs: STAY_MS, spreadMs: SPREAD_MS, reconnectsPerSecond: RATE }
  const how = { limits, traffic: { ending } }
  await proxy.serve([blue.routed, green.routed], how)
  const clients = (await proxy.throughEach(() => opened(proxy, EACH))).flat()
  await proxy.route([blue.routed, green.routed], { ...how, limits: { ...limits, headMs: 20_000 } })
  await Promise.all(clients.map((client, at) => echo(client, `before ${at}`)))

  // when blue drains, with handshakes on their way
  const straddling = Array.from({ length: HANDSHAKES }, () => clientOf(proxy, '/slow'))
  await proxy.until(({ instances }) => (instances[0]?.requests ?? 0) === HANDSHAKES)
  const drainedAtMs = performance.now()
  await proxy.route([draining(blue), green.routed], how)
  blue.tell('finish')
  await Promise.all(clients.map((client, at) => echo(client, `after ${at}`)))
  const back: Client[] = []
  const ends = await Promise.all(
    clients.map(async ({ closed }) => {
      const end = await closed
      back.push(clientOf(proxy))
      return end
    }),
  )

  // then each is told to come back, in its turn
  expect(new Set(ends.map(({ code }) => code))).toEqual(new Set([1012]))
  const times = ends.map(({ atMs }) => atMs - drainedAtMs).toSorted((a, b) => a - b)
  expect(times[0]).toBeGreaterThanOrEqual(STAY_MS)
  expect(times[Math.floor(1.5 * EACH)]! - times[EACH / 2]!).toBeGreaterThan(SPREAD_MS / 4)

  // and handshakes that straddle the move end on one release
  for (const client of straddling) {
    await client.openedAtMs
    expect((await client.closed).code).toBe(1012)
    expect(client.messages).toEqual(['blue'])
  }

  // and all come back to green, as slowly as was asked for, however the workers share them
  const opens = await Promise.all(back.map(({ openedAtMs }) => openedAtMs))
  const tookMs = Math.max(...opens) - Math.min(...opens)
  expect(tookMs).toBeGreaterThan(0.75 * 1000 * (opens.length / RATE))
  const homes = await Promise.all(back.map(({ greeted }) => greeted))
  expect(new Set(homes)).toEqual(new Set(['green']))
  const { counts, refused } = await proxy.until(({ instances }) => instances[0]?.upgrades === 0)
  expect(counts['blue']?.closed).toBe(2 * EACH + HANDSHAKES)
  expect(refused).toBe(0)
  expect(new Set((await blue.report()).codes)).toEqual(new Set([1012]))
})
