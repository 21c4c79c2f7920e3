import { createServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { EntrySpec } from '../../src/core/entry.ts'
import type { AccessRecord } from '../../src/core/access.ts'
import type { InstanceProtocol, LimitSpec, TrafficSpec } from '../../src/core/service.ts'
import { createDataPlane } from '../../src/proxy/plane/data-plane.ts'
import type { DataPlane, ServiceTally } from '../../src/proxy/plane/data-plane-port.ts'
import { instanceAt, LIMITS } from './plane-under-test.ts'

/** A data plane that serves `shop` over HTTP/1.1 and HTTP/2 in the clear. */
export interface H2Plane {
  readonly plane: DataPlane
  readonly port: number
  readonly records: readonly AccessRecord[]
  readonly tally: () => ServiceTally
  /** Client connections that are open. */
  readonly open: () => number
}

export interface H2PlaneTerms {
  /** What the instances speak. */
  readonly protocol?: InstanceProtocol
  readonly limits?: Partial<LimitSpec>
  readonly traffic?: TrafficSpec
  /** Where instances of `v2` are, which has no weight. */
  readonly others?: readonly number[]
}

/** Routes everything to instances at these ports, as `v1`. It ends with the test. */
export async function h2Plane(
  ports: readonly number[],
  { protocol = 'http1', limits, traffic, others = [] }: H2PlaneTerms = {},
): Promise<H2Plane> {
  const records: AccessRecord[] = []
  const plane = createDataPlane({
    onRefused: () => undefined,
    onAccess: (record) => void records.push(record),
  })
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  const entry: EntrySpec = { http2: true, proxyProtocol: false, trusted: [] }
  const instances = [
    ...ports.map((each, slot) => ({ ...instanceAt(each, 'v1', slot), protocol })),
    ...others.map((each, slot) => ({ ...instanceAt(each, 'v2', slot), protocol })),
  ]
  plane.serve('shop', server)
  plane.apply([
    {
      service: 'shop',
      listen: { host: '127.0.0.1', port },
      weights: { v1: 10_000 },
      instances,
      ready: { path: '/', intervalMs: 1000, timeoutMs: 1000, up: 1, down: 1, startupMs: 1000 },
      limits: { ...LIMITS, ...limits },
      traffic: { entry, ...traffic },
    },
  ])
  plane.mark(instances.map(({ id, generation }) => ({ id, generation, health: 'up' })))
  return { plane, port, records, tally: () => plane.tally()['shop']!, open: () => sockets.size }
}
