import type { Route, RouteInstance } from '../core/route.ts'
import type { InstanceTraffic, Traffic } from '../core/traffic.ts'
import type { ServiceSights } from './sight/service-total.ts'
import type { HealthMark, ServiceTally } from './plane/data-plane-port.ts'

/** What the proxy does for one route now, from its health marks and what all workers saw of it. */
export function trafficOf(
  route: Route,
  marks: readonly HealthMark[],
  tally: ServiceTally,
  sights: ServiceSights | undefined,
): Traffic {
  const { counts, held, holding, refused, rejected } = tally
  const instances = route.instances.map((instance) => ({
    ...instanceTraffic(instance, marks, tally),
    ...(sights?.instances[instance.id] && { sight: sights.instances[instance.id] }),
  }))
  return {
    route,
    instances,
    counts,
    held,
    holding,
    ...(tally.released !== undefined && { released: tally.released }),
    refused,
    rejected,
    ...(tally.rejections && { rejections: tally.rejections }),
    ...(tally.retriesRefused !== undefined && { retriesRefused: tally.retriesRefused }),
    ...(tally.slowReaders !== undefined && { slowReaders: tally.slowReaders }),
    ...(sights && { sights: sights.releases }),
    ...(sights?.fallbacks && { fallbacks: sights.fallbacks }),
    ...(sights?.mirror && { mirror: sights.mirror }),
    ...(sights?.decisions && { decisions: sights.decisions }),
  }
}

function instanceTraffic(
  instance: RouteInstance,
  marks: readonly HealthMark[],
  tally: ServiceTally,
): InstanceTraffic {
  const same = (other: { readonly id: string; readonly generation: string }): boolean =>
    other.id === instance.id && other.generation === instance.generation
  const mark = marks.find(same)
  const running = tally.running.find(same)
  return {
    id: instance.id,
    release: instance.release,
    health: mark?.health ?? 'unproven',
    ...(mark?.reason === undefined ? {} : { reason: mark.reason }),
    ...(mark?.ejected && { ejected: mark.ejected }),
    ...(mark?.lagMs !== undefined && { lagMs: mark.lagMs }),
    requests: running?.requests ?? 0,
    upgrades: running?.upgrades ?? 0,
  }
}
