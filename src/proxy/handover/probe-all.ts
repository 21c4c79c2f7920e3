import type { Post } from '../charge.ts'
import type { Fleet } from '../fleet.ts'
import type { HealthTable } from '../health/health-table.ts'

/** A sample is enough where there are thousands: all services go the same way through a worker. */
const MOST = 100

/**
 * Has every worker send itself a request for each service that has an instance to answer it, and resolves with what is
 * wrong, or with nothing. Left out is what would wait or be refused by its own rules.
 */
export async function probeAll(
  posts: readonly Post[],
  health: HealthTable,
  fleet: Fleet,
): Promise<string | undefined> {
  const probed = posts.filter((post) => canAnswer(post, health)).slice(0, MOST)
  const faults = await Promise.all(
    probed.map(async ({ route: { service, ready } }) => {
      const fault = await fleet.probe(service, ready.path)
      return fault && `${service}: ${fault}`
    }),
  )
  return faults.find((fault) => fault !== undefined)
}

function canAnswer({ route }: Post, health: HealthTable): boolean {
  if (route.held || route.traffic?.entry?.proxyProtocol) return false
  const up = health.marksOf(route.service).filter((mark) => mark.health === 'up')
  return route.instances.some(
    ({ id, release, state }) =>
      state === 'serving' && (route.weights[release] ?? 0) > 0 && up.some((mark) => mark.id === id),
  )
}
