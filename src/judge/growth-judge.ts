import type { GrowthGrounds, Resource, Weighing } from '../core/judge.ts'
import type { InstanceId, ReleaseId } from '../core/names.ts'
import { Growth } from './growth.ts'

/** What would take longer to fill up can be mended before. */
const HORIZON_MS = 3_600_000
/** As often as the old release's: what both do is no fault of the new one. */
const TIMES = 3
/** To look each second at what changes in minutes says no more. */
const EACH_MS = 5_000

interface Watched {
  readonly release: ReleaseId
  readonly growth: Growth
}

/** Whether the new release's instances fill up one thing that there is only so much of. */
export class GrowthJudge {
  readonly #resource: Resource
  readonly #candidate: ReleaseId
  readonly #watched = new Map<InstanceId, Watched>()
  #left = Infinity
  #judgedAtMs = 0
  #grounds: GrowthGrounds | undefined

  constructor(resource: Resource, candidate: ReleaseId) {
    this.#resource = resource
    this.#candidate = candidate
  }

  weigh(weighings: readonly Weighing[], nowMs: number): void {
    for (const { instance, release, used, left } of weighings) {
      const watched = this.#watched.get(instance) ?? { release, growth: new Growth() }
      this.#watched.set(instance, watched)
      const value = used[this.#resource]
      if (value !== undefined) watched.growth.add(value, nowMs)
      if (release === this.#candidate) this.#left = left[this.#resource] ?? Infinity
    }
    const here = new Set(weighings.map(({ instance }) => instance))
    for (const id of this.#watched.keys()) if (!here.has(id)) this.#watched.delete(id)
    if (nowMs - this.#judgedAtMs < EACH_MS) return
    this.#judgedAtMs = nowMs
    this.#grounds ??= this.#judge()
  }

  /** Why the candidate must not go on; undefined while nothing says so. */
  get grounds(): GrowthGrounds | undefined {
    return this.#grounds
  }

  #judge(): GrowthGrounds | undefined {
    const all = [...this.#watched]
    const [mine, others] = [true, false].map((isMine) =>
      all
        .filter(([, { release }]) => (release === this.#candidate) === isMine)
        .map(([instance, { growth }]) => ({ instance, growth, perSecond: growth.perSecond }))
        .toSorted((a, b) => b.perSecond - a.perSecond),
    )
    const worst = mine?.[0]
    if (!mine || !worst || worst.perSecond <= TIMES * (others?.[0]?.perSecond ?? 0))
      return undefined
    // Memory is one for all, descriptors each has its own.
    const together =
      this.#resource === 'memory'
        ? mine.reduce((sum, each) => sum + each.perSecond, 0)
        : worst.perSecond
    const fullInMs = (this.#left / together) * 1000
    if (fullInMs > HORIZON_MS) return undefined
    const { instance, growth, perSecond } = worst
    return { metric: this.#resource, instance, perSecond, now: growth.last, fullInMs }
  }
}
