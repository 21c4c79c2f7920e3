import type { ReleaseId } from '../../core/names.ts'
import type { Weights } from '../../core/route.ts'
import type { ReadyRelease } from '../plane/choose.ts'
import type { Standing } from './standing.ts'

/** An instance as far as it matters here. */
export interface Member {
  readonly release: ReleaseId
  /** It is in the route, and does not drain. */
  readonly serving: boolean
  readonly standing: Pick<Standing, 'good' | 'acceptable'>
}

/** Who takes requests now. */
export interface Takers<Instance> {
  /** The releases with weight. */
  readonly weighted: readonly ReadyRelease<Instance>[]
  /** These, and those without weight that a rule may point to. */
  readonly all: readonly ReadyRelease<Instance>[]
}

/**
 * The good instances take requests. When no release with weight has a good one, but some were good once, the checks
 * may be what is wrong, or all are overloaded: a 503 from us would help nobody, so those take the traffic all the same.
 * Requests wait only where nobody can be reached, or nobody was ever ready.
 */
export function takersOf<Instance extends Member>(
  instances: readonly Instance[],
  weights: Weights,
): Takers<Instance> {
  const good = releasesOf(instances, weights, (each) => each.standing.good)
  const weighted = good.filter((release) => release.weight > 0)
  if (weighted.length > 0) return { weighted, all: good }
  const acceptable = releasesOf(instances, weights, (each) => each.standing.acceptable)
  const instead = acceptable.filter((release) => release.weight > 0)
  return { weighted: instead, all: [...good, ...instead] }
}

function releasesOf<Instance extends Member>(
  instances: readonly Instance[],
  weights: Weights,
  takes: (instance: Instance) => boolean,
): ReadyRelease<Instance>[] {
  const taking = instances.filter((each) => each.serving && takes(each))
  return [...Map.groupBy(taking, (each) => each.release)].map(([release, members]) => ({
    release,
    weight: weights[release] ?? 0,
    instances: members,
  }))
}
