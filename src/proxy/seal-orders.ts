import type { ServiceName } from '../core/names.ts'
import { type Charge, type Post, socketsOf } from './charge.ts'
import type { HealthTable } from './health/health-table.ts'
import type { ServiceOrders } from './worker-messages.ts'
import type { SealedOrders } from './worker-process.ts'

/** Everything, for a worker that knows nothing yet. */
export function wholeOrders(charge: Charge, health: HealthTable): SealedOrders {
  const { posts, version } = charge
  return {
    orders: { version, services: posts.map((post) => servedBy(post, health)) },
    sockets: posts.flatMap(socketsOf),
  }
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
  const doors = socketsOf(post).map(({ key }) => ({ service, key }))
  return { service, route, doors, marks: health.marksOf(service) }
}
