import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Route, RouteInstance } from '../../src/core/route.ts'
import type { LimitSpec, TrafficSpec } from '../../src/core/service.ts'
import { instanceAt, LIMITS, planeUnderTest, type PlaneUnderTest } from './plane-under-test.ts'

/** What of a route a test about moving traffic changes. */
export interface Moving {
  readonly limits?: Partial<LimitSpec>
  readonly traffic?: TrafficSpec
  readonly held?: Route['held']
}

/** A plane whose traffic moves from `blue` to `green`. */
export interface MovingPlane extends PlaneUnderTest {
  readonly blue: RouteInstance
  readonly green: RouteInstance
  /** Everything goes to `blue`; `green` is not there yet. */
  before(moving?: Moving): void
  /** Everything goes to `green`, and `blue` drains. */
  after(moving?: Moving): void
}

export async function movingPlane(bluePort: number, greenPort: number): Promise<MovingPlane> {
  const under = await planeUnderTest()
  const blue = instanceAt(bluePort, 'blue')
  const green = instanceAt(greenPort, 'green')
  const apply = (part: Pick<Route, 'weights' | 'instances'>, moving: Moving): void => {
    under.plane.apply([routeOf(part, moving)])
    under.up(...part.instances)
  }
  return {
    ...under,
    blue,
    green,
    before: (moving = {}) => apply({ weights: { blue: 10_000 }, instances: [blue] }, moving),
    after: (moving = {}) => {
      const instances = [{ ...blue, state: 'draining' as const }, green]
      apply({ weights: { green: 10_000 }, instances }, moving)
    },
  }
}

/** A real HTTP server on a free port, to be closed with all its connections. */
export interface AppUnderTest {
  readonly port: number
  readonly server: Server
  close(): void
}

export async function appUnderTest(listener: RequestListener): Promise<AppUnderTest> {
  const server = createServer(listener)
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    server,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

function routeOf(part: Pick<Route, 'weights' | 'instances'>, moving: Moving): Route {
  const { limits, traffic, held } = moving
  return {
    service: 'shop',
    listen: { host: '127.0.0.1', port: 1 },
    ready: { path: '/up', intervalMs: 1000, timeoutMs: 1000, up: 1, down: 1, startupMs: 1000 },
    limits: { ...LIMITS, ...limits },
    ...part,
    ...(traffic && { traffic }),
    ...(held && { held }),
  }
}
