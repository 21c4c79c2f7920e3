import type { GrowthGrounds, JudgeTerms, Resource, Weighing } from '../core/judge.ts'
import type { InstanceId, ReleaseId } from '../core/names.ts'
import { growthAtAge } from './growth-at-age.ts'
import { Growth } from './growth.ts'
import { type Carried, Load } from './load.ts'

/** What would take longer to fill up can be mended before. */
const HORIZON_MS = 3_600_000
/** Lag comes and goes with much that nobody counts: only what is sure to end soon. */
const HORIZON_OF_LAG_MS = 600_000
/** As often as the old release's: what both do is no fault of the new one. */
const TIMES = 3
/** To look each second at what changes in minutes says no more. */
const EACH_MS = 5_000
/** Of the time that a check may take, what harms nobody, wherever it leads to. */
const UNHARMFUL_LAG = 0.1

interface Watched {
  readonly release: ReleaseId
  /** The age of its process at the first weighing, and when that was. */
  readonly ageMs: number
  readonly sinceMs: number
  growth: Growth
  /** Of the last weighing. */
  value?: number
  left: number
}

interface Grown extends Watched {
  readonly instance: InstanceId
  readonly perSecond: number
}

type Terms = Pick<JudgeTerms, 'candidate' | 'youth'>

/** Whether the new release's instances fill up one thing that there is only so much of. */
export class GrowthJudge {
  readonly #resource: Resource
  readonly #terms: Terms
  readonly #watched = new Map<InstanceId, Watched>()
  readonly #load = new Load()
  #judgedAtMs = 0
  #grounds: GrowthGrounds | undefined

  constructor(resource: Resource, terms: Terms) {
    this.#resource = resource
    this.#terms = terms
  }

  weigh(weighings: readonly Weighing[], nowMs: number, carried: Carried): void {
    // Lag follows load: what comes with more requests is no growth.
    if (this.#load.rises(carried) && this.#resource === 'lag') this.#forget()
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

  #forget(): void {
    for (const watched of this.#watched.values()) watched.growth = new Growth()
  }

  #add({ instance, release, ageMs = 0, used, left }: Weighing, nowMs: number): void {
    const value = used[this.#resource]
    if (value === undefined) return
    const watched = this.#watched.get(instance) ?? {
      release,
      ageMs,
      sinceMs: nowMs,
      growth: new Growth(),
      left: Infinity,
    }
    this.#watched.set(instance, watched)
    const isSameCheck = this.#resource === 'lag' && value === watched.value
    watched.value = value
    watched.left = left[this.#resource] ?? Infinity
    // Checks may be rarer than weighings, and one that was counted twice would make a trend too certain.
    if (!isSameCheck) watched.growth.add({ ageMs: watched.ageMs + nowMs - watched.sinceMs, value })
  }

  #judge(): GrowthGrounds | undefined {
    const mine = this.#grown((release) => release === this.#terms.candidate)
    const [worst] = mine
    if (!worst || worst.perSecond === 0 || this.#isHarmless(worst)) return undefined
    const stable = this.#stableBeside(worst)
    if (stable && worst.perSecond <= TIMES * stable.perSecond) return undefined
    // Memory is one for all; of the rest each has its own.
    const together =
      this.#resource === 'memory'
        ? mine.reduce((sum, each) => sum + each.perSecond, 0)
        : worst.perSecond
    const fullInMs = (worst.left / together) * 1000
    if (fullInMs > (this.#resource === 'lag' ? HORIZON_OF_LAG_MS : HORIZON_MS)) return undefined
    const { instance, growth, perSecond } = worst
    const now = growth.last
    return {
      metric: this.#resource,
      instance,
      perSecond,
      now,
      ...(stable && { stable }),
      fullInMs,
    }
  }

  /** The fastest first. */
  #grown(isAsked: (release: ReleaseId) => boolean): readonly Grown[] {
    return [...this.#watched]
      .filter(([, { release }]) => isAsked(release))
      .map(([instance, each]) => ({ ...each, instance, perSecond: each.growth.perSecond }))
      .toSorted((a, b) => b.perSecond - a.perSecond)
  }

  #isHarmless({ growth, left }: Grown): boolean {
    return this.#resource === 'lag' && growth.last < UNHARMFUL_LAG * (growth.last + left)
  }

  /** Whichever speaks more for the candidate: what the old release did when it was as old, or what it does now. */
  #stableBeside({ growth }: Grown): GrowthGrounds['stable'] {
    const now = this.#grown((release) => release !== this.#terms.candidate)[0]?.perSecond
    const then = growthAtAge(this.#terms.youth?.[this.#resource], growth.ages)
    if (then !== undefined && then >= (now ?? 0)) return { perSecond: then, when: 'same-age' }
    return now === undefined ? undefined : { perSecond: now, when: 'now' }
  }
}
