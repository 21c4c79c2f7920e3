import type { BalanceSpec } from '../../core/balance.ts'
import type { ReleaseId } from '../../core/names.ts'
import type { ReadyRelease } from '../plane/choose.ts'
import { type Candidate, EVEN, type Policy, type Random } from './candidate.ts'
import { lessLoaded } from './less-loaded.ts'
import { roundRobin } from './round-robin.ts'
import type { Standing } from './standing.ts'
import { Warming } from './warming.ts'

/** An instance with its past. */
export type Spreadable = Candidate & { readonly standing: Pick<Standing, 'warmAtMs'> }

/** How the requests of each release are spread over its instances. */
export class Spread<Instance extends Spreadable> {
  readonly #random: Random
  /** By release; only where there is slow start. */
  #warming: Map<ReleaseId, Warming> | undefined
  #policy: Policy = lessLoaded
  #slowStartMs = 0

  constructor(random: Random) {
    this.#random = random
  }

  obey(spec: BalanceSpec | undefined): void {
    this.#policy = spec?.policy === 'round-robin' ? roundRobin : lessLoaded
    this.#slowStartMs = spec?.slowStartMs ?? 0
  }

  /** To be called whenever other instances take requests. */
  refresh(releases: readonly ReadyRelease<Instance>[]): void {
    this.#warming = this.#slowStartMs === 0 ? undefined : new Map(releases.map(warmingOf))
  }

  /** The preferred instance, else one by the policy; none when all are full. */
  pick({ release, instances }: ReadyRelease<Instance>, preferred?: Instance): Instance | undefined {
    if (preferred && !preferred.full) return preferred
    const nowMs = this.#warming?.get(release)?.nowMs() ?? EVEN
    const instance = this.#policy(instances, nowMs, this.#random)
    if (!instance?.full) return instance
    const free = instances.filter((each) => !each.full)
    return this.#policy(free, nowMs, this.#random)
  }
}

function warmingOf<Instance extends Spreadable>({
  release,
  instances,
}: ReadyRelease<Instance>): readonly [ReleaseId, Warming] {
  return [release, new Warming(instances.map((each) => each.standing.warmAtMs))]
}
