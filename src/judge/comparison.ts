import { FEWEST_COMPARED } from '../core/judge.ts'
import { Evidence, geometric } from './evidence.ts'
import { OncePerUser } from './once-per-user.ts'

/** `fine`: surely not much worse. `bad`: surely worse. */
export type Verdict = 'bad' | 'fine' | 'undecided'

export interface ComparisonTerms {
  /** The most often, as a share of all rollouts, that a release no worse than the old one may be called bad. */
  readonly alpha: number
  /** Odds from here on must be ruled out before a release is called fine. */
  readonly margin: number
}

/** Something that is bad for a user: an error, an answer slower than the old release's, a crash. */
export interface Event {
  readonly of: 'candidate' | 'stable'
  readonly user: string
  readonly atMs: number
  /** Of the traffic, that of the candidate at this moment; above 0 and below 1. */
  readonly share: number
}

const USUAL_TERMS: ComparisonTerms = { alpha: 0.001, margin: 2 }

/**
 * None below 2: odds up to about 1.4 then count against the evidence however much is seen, so that with very much traffic a
 * trifle is no reason to go back.
 */
const WORSE = geometric(2, 500, 12)
const NOT_WORSE = geometric(0.02, 1.3, 12)
/** A release is called fine more lightly than bad: to go on is not to have gone all the way. */
const FINE_ALPHA = 0.05
const WINDOW_MS = 10_000
/** What one or two users meet may be theirs. */
const USERS = FEWEST_COMPARED

/**
 * Compares how often something bad happens on the candidate and on the stable release, one event after the other, in
 * bounded memory. While both do equally well, each event falls on the candidate with a chance that is its share of the
 * traffic, whatever the rate is and however it changes; so a failure that hits both alike says nothing. The odds are by
 * how much it falls on the candidate more often than that. The rule is that of Lindon and Malek, "Anytime-Valid Inference
 * for Multinomial Count Data" (NeurIPS 2022).
 */
export class Comparison {
  readonly #terms: ComparisonTerms
  readonly #harm: Evidence
  readonly #relief: Evidence
  readonly #users = new OncePerUser(WINDOW_MS)
  readonly #hit = new Set<string>()

  constructor(terms: ComparisonTerms = USUAL_TERMS) {
    this.#terms = terms
    this.#harm = new Evidence({ chance: onCandidate, limit: 1, alternatives: WORSE })
    this.#relief = new Evidence({
      chance: onCandidate,
      limit: terms.margin,
      alternatives: NOT_WORSE,
    })
  }

  count({ of, user, atMs, share }: Event): void {
    const isHit = of === 'candidate'
    // Whichever release it was: who meets both would otherwise count once for each, however the traffic is shared.
    if (!this.#users.lets(user, atMs)) return
    if (isHit && this.#hit.size < USERS) this.#hit.add(user)
    this.#harm.add(isHit, share)
    this.#relief.add(isHit, share)
  }

  /** By how much a worse candidate explains what was seen better than an equal one. */
  get evidence(): number {
    return Math.exp(this.#harm.log)
  }

  get verdict(): Verdict {
    if (this.#hit.size >= USERS && this.#harm.rulesOut(this.#terms.alpha)) return 'bad'
    return this.#relief.rulesOut(FINE_ALPHA) ? 'fine' : 'undecided'
  }
}

/** The chance that an event falls on the candidate, by its odds and its share of the traffic. */
function onCandidate(odds: number, share: number): number {
  return (share * odds) / (share * odds + 1 - share)
}
