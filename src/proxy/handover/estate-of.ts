import { type Charge, socketsOf } from '../charge.ts'
import type { HealthTable } from '../health/health-table.ts'
import type { Sockets } from '../sockets.ts'
import type { Estate } from './heir.ts'

/** What an heir needs before it can prove itself; the routes it reads from the snapshot by itself. */
export function estateOf(charge: Charge, sockets: Sockets, health: HealthTable): Estate {
  const { posts } = charge
  return {
    sockets: [...posts.flatMap(socketsOf), ...sockets.spare],
    marks: posts.flatMap((post) => health.marksOf(post.route.service)),
  }
}
