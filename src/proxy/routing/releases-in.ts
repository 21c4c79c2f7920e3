import type { ReleaseExplanation } from '../../core/explanation.ts'
import type { ReleaseId } from '../../core/names.ts'
import type { Traffic } from '../../core/traffic.ts'
import type { ReadyRelease } from '../plane/choose.ts'
import type { InstanceView } from './decide.ts'

/** The releases of a service, those with a share first, with the health of each instance. */
export function releasesIn({ route, instances }: Traffic): ReleaseExplanation[] {
  const seen = new Map(instances.map((instance) => [instance.id, instance]))
  return namesIn(route)
    .map((release) => ({
      release,
      share: route.weights[release] ?? 0,
      instances: route.instances
        .filter((instance) => instance.release === release)
        .map(({ id, state }) => {
          const found = seen.get(id)
          const { health = 'unproven', ejected, requests = 0 } = found ?? {}
          const ready = state === 'serving' && health === 'up' && !ejected
          const reason = ejected?.reason ?? found?.reason
          return { id, state, health, ready, ...(reason !== undefined && { reason }), requests }
        }),
    }))
    .toSorted((one, other) => other.share - one.share)
}

/** Those with an instance that may get requests now, as a worker has them. */
export function readyReleases(traffic: Traffic): ReadyRelease<InstanceView>[] {
  const up = new Set(
    releasesIn(traffic).flatMap(({ instances }) =>
      instances.filter((instance) => instance.ready).map((instance) => instance.id),
    ),
  )
  const ready = traffic.route.instances.filter((instance) => up.has(instance.id))
  return [...Map.groupBy(ready, (instance) => instance.release)].map(([release, instances]) => ({
    release,
    weight: traffic.route.weights[release] ?? 0,
    instances,
  }))
}

function namesIn(route: Traffic['route']): ReleaseId[] {
  const running = route.instances.map((instance) => instance.release)
  return [...new Set([...Object.keys(route.weights), ...running])]
}
