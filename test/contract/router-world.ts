import { once } from 'node:events'
import { createServer, request, type Agent, type IncomingMessage } from 'node:http'
import { createServer as createNetServer, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { WebSocketServer } from 'ws'
import type { Route, RouteInstance } from '../../src/core/route.ts'
import type { Address } from '../../src/core/address.ts'
import type { InstanceTraffic } from '../../src/core/traffic.ts'
import type { Router } from '../../src/core/router.ts'

/** An instance whose answers name it, and the first message of a WebSocket. `GET /slow` is answered when `release()` is called. */
export interface TestInstance {
  readonly routed: RouteInstance
  /** Whether a `GET /slow` has arrived and waits. */
  slowWaits(): boolean
  release(): void
  /** What the checks are answered from now on. */
  answerReady(status: number): void
  close(): Promise<void>
}

export async function testInstance(release: string, slot = 0): Promise<TestInstance> {
  const waiting = new Set<() => void>()
  let ready = 200
  const server = createServer((asked, answer) => {
    if (asked.url === '/readyz') answer.writeHead(ready).end()
    else if (asked.url === '/slow') waiting.add(() => answer.end(release))
    else answer.end(release)
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => socket.send(release))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    routed: {
      id: `shop.${release}.${slot}`,
      release,
      address: { host: '127.0.0.1', port },
      state: 'serving',
      generation: `${release}-${slot}-${port}`,
    },
    slowWaits: () => waiting.size > 0,
    release: () => waiting.forEach((answer) => answer()),
    answerReady: (status) => (ready = status),
    close: async () => {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function testRoute(
  listen: Address,
  weights: Route['weights'],
  instances: readonly RouteInstance[],
): Route {
  return {
    service: 'shop',
    listen,
    weights,
    instances,
    ready: { path: '/readyz', intervalMs: 50, timeoutMs: 1_000, up: 1, down: 2, startupMs: 10_000 },
    limits: {
      headBytes: 32_768,
      bodyBytes: 1_048_576,
      headMs: 10_000,
      keepAliveMs: 75_000,
      idleMs: 60_000,
      connectMs: 1_000,
      answerMs: 60_000,
      holdMs: 10_000,
      holdRequests: 1_000,
    },
  }
}

/** A port of the loopback on which nobody listens now. */
export async function freeAddress(): Promise<Address> {
  const server = createNetServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return { host: '127.0.0.1', port }
}

/** Asks and resolves with the answer's body; `agent` keeps its connection, otherwise each request has a new one. */
export async function get(address: Address, path: string, agent?: Agent): Promise<string> {
  const asked = request({ ...address, path, agent: agent ?? false })
  asked.end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  return await text(answer)
}

export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never came true: ${holds.toString()}`)
    await setTimeout(10)
  }
}

export async function healthOf(
  router: Router,
  id: string,
): Promise<InstanceTraffic['health'] | undefined> {
  const traffic = await router.read('shop')
  return traffic?.instances.find((instance) => instance.id === id)?.health
}
