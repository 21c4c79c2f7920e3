import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { BalanceSpec } from '../../src/core/balance.ts'
import { ALL } from '../../src/core/names.ts'
import type { Route, RouteInstance } from '../../src/core/route.ts'
import type { LimitSpec, ReadySpec } from '../../src/core/service.ts'
import { HealthTable } from '../../src/proxy/health/health-table.ts'
import { createDataPlane } from '../../src/proxy/plane/data-plane.ts'
import type { HealthMark, ServiceTally } from '../../src/proxy/plane/data-plane-port.ts'
import { LIMITS } from './plane-under-test.ts'
import { until } from './until.ts'

/** A data plane and the table of health that tells it whom to use, wired as a supervisor and its worker are. */
export interface WatchedPlane {
  readonly table: HealthTable
  readonly port: number
  /** Every mark that was given, in order. */
  readonly marks: readonly HealthMark[]
  route(instances: readonly RouteInstance[], how?: Partial<Treatment>): void
  markOf(instance: RouteInstance): HealthMark | undefined
  /** Resolves when all these are up. */
  up(...instances: readonly RouteInstance[]): Promise<void>
  /** Asks as a user does; resolves with the status. */
  ask(init?: RequestInit): Promise<number>
  tally(): ServiceTally
  close(): Promise<void>
}

export interface Treatment {
  readonly balance: Partial<BalanceSpec>
  readonly ready: Partial<ReadySpec>
  readonly limits: Partial<LimitSpec>
}

export async function watchedPlane(): Promise<WatchedPlane> {
  const marks: HealthMark[] = []
  const table = new HealthTable((mark) => {
    marks.push(mark)
    plane.mark([mark])
  })
  const plane = createDataPlane({
    onRefused: (mark) => table.refuse(mark),
    onOutlier: (outlier) => table.eject(outlier),
  })
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  plane.serve('shop', server)
  const { port } = server.address() as AddressInfo
  const self: WatchedPlane = {
    table,
    port,
    marks,
    route: (instances, how = {}) => {
      const route = routeOf(instances, how)
      plane.apply([route])
      table.watch(route)
    },
    markOf: ({ id }) => table.marksOf('shop').find((mark) => mark.id === id),
    up: async (...instances) => {
      await until(
        async () => instances.map((each) => self.markOf(each)?.health),
        (healths) => healths.every((health) => health === 'up'),
      )
    },
    ask: async (init = {}) => {
      const response = await fetch(`http://127.0.0.1:${port}/`, init)
      await response.arrayBuffer()
      return response.status
    },
    tally: () => plane.tally()['shop']!,
    close: async () => {
      table.close()
      plane.apply([])
      server.close()
      for (const socket of sockets) socket.destroy()
      await plane.drain(1000)
    },
  }
  return self
}

function routeOf(
  instances: readonly RouteInstance[],
  { balance = {}, ready = {}, limits = {} }: Partial<Treatment>,
): Route {
  return {
    service: 'shop',
    listen: { host: '127.0.0.1', port: 1 },
    weights: { v1: ALL },
    instances,
    ready: {
      path: '/up',
      intervalMs: 20,
      timeoutMs: 1000,
      up: 1,
      down: 2,
      startupMs: 1000,
      ...ready,
    },
    limits: { ...LIMITS, ...limits },
    traffic: {
      balance: {
        policy: 'round-robin',
        slowStartMs: 0,
        requestsPerInstance: 0,
        ...balance,
      },
    },
  }
}
