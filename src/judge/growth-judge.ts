import type { GrowthGrounds, JudgeTerms, Resource, Weighing } from '../core/judge.ts'
import type { InstanceId } from '../core/names.ts'
import { growthAtAge } from './growth-at-age.ts'
import { type Carried, Load } from './load.ts'
import { WatchedInstance } from './watched-instance.ts'

/** What would take longer to fill up can be mended before. Lag comes and goes: only what ends soon is sure. */
const HORIZON_MS: Readonly<Record<Resource, number>> = {
  memory: 3_600_000,
  descriptors: 3_600_000,
  lag: 600_000,
}
/** What is so close is told whatever else speaks for the candidate. */
const URGENT_MS = 120_000
/** So many times what the old release has is more than the ups and downs of what is used and given back. */
const UNUSUAL = 1.5
/** As often as the old release's: what both do is no fault of the new one. */
const TIMES = 3
/** To look each second at what changes in minutes says no more. */
const EACH_MS = 5_000
/** Of the time that a check may take, what harms nobody, wherever it leads to. */
const UNHARMFUL_LAG = 0.1

interface Grown {
  readonly instance: InstanceId
  readonly watched: WatchedInstance
  readonly perSecond: number
}

type Terms = Pick<JudgeTerms, 'candidate' | 'youth'>

/** Whether the new release's instances fill up one thing that there is only so much of. */
export class GrowthJudge {
  readonly #resource: Resource
  readonly #terms: Terms
  readonly #watched = new Map<InstanceId, WatchedInstance>()
  readonly #load = new Load()
  /** The most that an instance of the old release had for a while, and what it had when it still had the traffic counts. */
  #mostOfStable: number
  #judgedAtMs = 0
  #grounds: GrowthGrounds | undefined

  constructor(resource: Resource, terms: Terms) {
    this.#resource = resource
    this.#terms = terms
    const values = (terms.youth?.[resource] ?? []).map(({ value }) => value)
    this.#mostOfStable = Math.max(0, ...values)
  }

  weigh(weighings: readonly Weighing[], nowMs: number, carried: Carried): void {
    // Lag follows load: what comes with more requests is no growth.
    if (this.#load.rises(carried) && this.#resource === 'lag')
      for (const watched of this.#watched.values()) watched.beginAnew()
    for (const weighing of weighings) this.#add(weighing, nowMs)
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

  #add({ instance, release, ageMs = 0, used, left }: Weighing, nowMs: number): void {
    const value = used[this.#resource]
    if (value === undefined) return
    const known = this.#watched.get(instance)
    // Checks may be rarer than weighings, and one that was counted twice would make a trend too certain.
    if (this.#resource === 'lag' && value === known?.last) return
    const watched = known ?? new WatchedInstance({ release, ageMs, nowMs })
    this.#watched.set(instance, watched)
    watched.add(value, left[this.#resource] ?? Infinity, nowMs)
    if (release !== this.#terms.candidate)
      this.#mostOfStable = Math.max(this.#mostOfStable, watched.level)
  }

  #judge(): GrowthGrounds | undefined {
    const mine = this.#grown('candidate')
    const [worst] = mine
    if (!worst || worst.perSecond === 0) return undefined
    if (this.#resource === 'lag' && this.#isHarmlessLag(worst)) return undefined
    const stable = this.#stableBeside(worst)
    if (stable && worst.perSecond <= TIMES * stable.perSecond) return undefined
    // Memory is one for all; of the rest each has its own.
    const together =
      this.#resource === 'memory'
        ? mine.reduce((sum, each) => sum + each.perSecond, 0)
        : worst.perSecond
    const fullInMs = (worst.watched.left / together) * 1000
    if (fullInMs > HORIZON_MS[this.#resource]) return undefined
    if (fullInMs > URGENT_MS && this.#isUsual(worst)) return undefined
    const { instance, watched, perSecond } = worst
    return {
      metric: this.#resource,
      instance,
      perSecond,
      now: watched.last,
      ...(stable && { stable }),
      fullInMs,
    }
  }

  /** The fastest first. */
  #grown(whose: 'candidate' | 'stable'): readonly Grown[] {
    const isMine = whose === 'candidate'
    return [...this.#watched]
      .filter(([, { release }]) => (release === this.#terms.candidate) === isMine)
      .map(([instance, watched]) => ({ instance, watched, perSecond: watched.growth.perSecond }))
      .toSorted((a, b) => b.perSecond - a.perSecond)
  }

  /** Whichever speaks more for the candidate: what the old release did when it was as old, or what it does now. */
  #stableBeside({ watched }: Grown): GrowthGrounds['stable'] {
    const now = this.#grown('stable')[0]?.perSecond
    const then = growthAtAge(this.#terms.youth?.[this.#resource], watched.growth.ages)
    if (then !== undefined && then >= (now ?? 0)) return { perSecond: then, when: 'same-age' }
    return now === undefined ? undefined : { perSecond: now, when: 'now' }
  }

  #isHarmlessLag({ watched }: Grown): boolean {
    const { level, last, left } = watched
    return level < UNHARMFUL_LAG * (last + left) || level < TIMES * this.#mostOfStable
  }

  /** Memory that is given back from time to time looks like a leak until then. */
  #isUsual({ watched }: Grown): boolean {
    return watched.level < UNUSUAL * this.#mostOfStable
  }
}
