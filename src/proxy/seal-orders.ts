import type { ServiceName } from '../core/names.ts'
import { type Charge, type Post, socketsOf } from './charge.ts'
import type { HealthTable } from './health/health-table.ts'
import type { HealthMark } from './plane/data-plane-port.ts'
import type { Door, ServiceOrders } from './worker-messages.ts'
import type { SealedOrders } from './worker-process.ts'

/**
 * Everything, for a worker that knows nothing yet. With `closed` doors it accepts nothing so far. That an instance is
 * unproven goes without saying: at a start they all are, and there may be ten thousand.
 */
export function wholeOrders(
  charge: Charge,
  health: HealthTable,
  doors: 'open' | 'closed',
): SealedOrders {
  const { posts, version } = charge
  const served = posts.map((post) => {
    const orders = servedBy(post, health)
    return { ...orders, marks: orders.marks.filter(isNews) }
  })
  const services = doors === 'open' ? served : served.map((each) => ({ ...each, doors: [] }))
  return { orders: { version, services }, sockets: posts.flatMap(socketsOf) }
}

/** What concerns this service and no other. */
export function ordersFor(service: ServiceName, charge: Charge, health: HealthTable): SealedOrders {
  const post = charge.postOf(service)
  const orders = post ? servedBy(post, health) : { service, doors: [], marks: [] }
  return { orders: { version: charge.version, services: [orders] }, sockets: socketsOf(post) }
}

function servedBy(post: Post, health: HealthTable): ServiceOrders {
  const { route } = post
  const { service } = route
  return { service, route, doors: doorsOf(post), marks: health.marksOf(service) }
}

function isNews({ health, unreachable, ejected }: HealthMark): boolean {
  return health !== 'unproven' || unreachable === true || ejected !== undefined
}

function doorsOf({ route: { service }, socket, redirect }: Post): readonly Door[] {
  const front: Door = { service, key: socket.key }
  return redirect ? [front, { service, key: redirect.key, leads: 'to-https' }] : [front]
}
