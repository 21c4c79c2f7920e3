import type { Incident } from '../core/incident.ts'
import { FEWEST_COMPARED, type Few, type Metric } from '../core/judge.ts'
import { Comparison } from './comparison.ts'
import { Level } from './level.ts'
import { partOf } from './part-of.ts'

/** What may be wrong: in all of the rollout, in each share of the traffic by itself, and when all of it has moved. */
const PARTS = { whole: 0.55, steps: 0.1, level: 0.35 }
const MARGIN = 2
/** Without any incident in so many answers, fewer than one in a hundred are ("rule of three", 95 %). */
const CLEAN_ANSWERS = 300

/** So many incidents of one user or two want to be explained. */
const STRIKING = 10

export interface MetricTerms {
  readonly metric: Metric
  /** Unset: all paths. */
  readonly path?: string
  readonly alpha: number
  /** How often it happened on the old release before, as a share of its answers. */
  readonly before: () => number
}

type Hit = Pick<Incident, 'user' | 'atMs'>

/** One thing that may be worse, from the first share of the traffic to all of it. */
export class MetricJudge {
  readonly terms: MetricTerms
  readonly #whole: Comparison
  /** A release that was good for long may break when it gets more: then the good time must not weigh. */
  #step: Comparison
  #steps = 1
  #level: Level | undefined
  /** Of the candidate, since its share changed last. */
  #hits = 0
  /** Of the candidate, at most as many as it takes. */
  readonly #users = new Set<string>()
  readonly incidents: { candidate: number; stable: number } = { candidate: 0, stable: 0 }

  constructor(terms: MetricTerms) {
    this.terms = terms
    this.#whole = new Comparison({ alpha: terms.alpha * PARTS.whole, margin: MARGIN })
    this.#step = this.#ofStep()
  }

  /** The candidate gets another share from now on. */
  shifted(): void {
    this.#steps += 1
    this.#hits = 0
    this.#step = this.#ofStep()
  }

  count({ user, atMs }: Hit, of: 'candidate' | 'stable', share: number): void {
    this.incidents[of] += 1
    if (of === 'candidate') this.#hit(user)
    if (share >= 1) {
      if (of === 'candidate') this.#levelNow().hit(user, atMs)
      return
    }
    // Nobody is there by the route: who is met all the same says nothing.
    if (share <= 0) return
    this.#whole.count({ of, user, atMs, share })
    this.#step.count({ of, user, atMs, share })
  }

  /** So many answers of the candidate without such an incident, while it has all. */
  passed(answers: number, nowMs: number): void {
    this.#levelNow().answered(answers, nowMs)
  }

  get isBad(): boolean {
    return (
      [this.#whole, this.#step].some(({ verdict }) => verdict === 'bad') || !!this.#level?.isBad
    )
  }

  /** With its present share; `answers` of the candidate since it has that. */
  isFine(answers: number): boolean {
    if (this.#step.verdict === 'fine') return true
    return this.#hits === 0 && answers >= CLEAN_ANSWERS
  }

  /** What is held against nobody because so few users met it; undefined where that is not the reason. */
  get few(): Few | undefined {
    const [incidents, users] = [this.incidents.candidate, this.#users.size]
    return incidents >= STRIKING && users < FEWEST_COMPARED ? { incidents, users } : undefined
  }

  get evidence(): number {
    return Math.max(this.#whole.evidence, this.#step.evidence, this.#level?.evidence ?? 0)
  }

  #hit(user: string): void {
    this.#hits += 1
    if (this.#users.size < FEWEST_COMPARED) this.#users.add(user)
  }

  #ofStep(): Comparison {
    const alpha = this.terms.alpha * PARTS.steps * partOf(this.#steps)
    return new Comparison({ alpha, margin: MARGIN })
  }

  #levelNow(): Level {
    this.#level ??= new Level(this.terms.before(), this.terms.alpha * PARTS.level)
    return this.#level
  }
}
