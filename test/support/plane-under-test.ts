import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { Route, RouteInstance, Weights } from '../../src/core/route.ts'
import type { LimitSpec } from '../../src/core/service.ts'
import { createDataPlane } from '../../src/proxy/plane/data-plane.ts'
import type { DataPlane, HealthMark, ServiceTally } from '../../src/proxy/plane/data-plane-port.ts'

export const LIMITS: LimitSpec = {
  headBytes: 16_384,
  bodyBytes: 64 * 1024 * 1024,
  headMs: 10_000,
  keepAliveMs: 30_000,
  idleMs: 30_000,
  connectMs: 1000,
  answerMs: 10_000,
  holdMs: 5000,
  holdRequests: 100,
}

/** A data plane that serves `shop` on a port of its own. */
export interface PlaneUnderTest {
  readonly plane: DataPlane
  readonly port: number
  readonly refused: HealthMark[]
  route(instances: readonly RouteInstance[], weights: Weights, limits?: Partial<LimitSpec>): void
  /** Routes everything to these ports, as `v1`, and marks them up. */
  to(ports: readonly number[], limits?: Partial<LimitSpec>): void
  up(...instances: readonly RouteInstance[]): void
  tally(): ServiceTally
  /** Resolves when the tally is as wanted. */
  until(wanted: (tally: ServiceTally) => boolean): Promise<ServiceTally>
  close(): Promise<void>
}

export function instanceAt(port: number, release = 'v1', slot = 0): RouteInstance {
  return {
    id: `shop.${release}.${slot}`,
    release,
    address: { host: '127.0.0.1', port },
    state: 'serving',
    generation: `g${port}`,
  }
}

export async function planeUnderTest(): Promise<PlaneUnderTest> {
  const refused: HealthMark[] = []
  const plane = createDataPlane({ onRefused: (mark) => void refused.push(mark) })
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = (server.address() as AddressInfo).port
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  plane.serve('shop', server)
  const tally = () => plane.tally()['shop']!
  const self: PlaneUnderTest = {
    plane,
    port,
    refused,
    tally,
    route: (instances, weights, limits) =>
      plane.apply([routeOf(instances, weights, { ...LIMITS, ...limits })]),
    to: (ports, limits) => {
      const instances = ports.map((each, slot) => instanceAt(each, 'v1', slot))
      self.route(instances, { v1: 10_000 }, limits)
      self.up(...instances)
    },
    up: (...instances) =>
      plane.mark(instances.map(({ id, generation }) => ({ id, generation, health: 'up' }))),
    until: async (wanted) => {
      const deadline = Date.now() + 5000
      while (!wanted(tally())) {
        if (Date.now() > deadline) throw new Error(`never so: ${JSON.stringify(tally())}`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      return tally()
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return self
}

function routeOf(instances: readonly RouteInstance[], weights: Weights, limits: LimitSpec): Route {
  return {
    service: 'shop',
    listen: { host: '127.0.0.1', port: 1 },
    weights,
    instances,
    ready: { path: '/', intervalMs: 1000, timeoutMs: 1000, up: 1, down: 1, startupMs: 1000 },
    limits,
  }
}
