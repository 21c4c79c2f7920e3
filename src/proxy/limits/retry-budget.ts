import { ALL, type BasisPoints } from '../../core/names.ts'

const USUAL: BasisPoints = 2000
const WINDOW_MS = 5000
/** A service with little traffic may try again too: so often in two windows, whatever the share. */
const ALWAYS = 10

interface Counted {
  readonly requests: number
  readonly retries: number
}

/**
 * Keeps retries to a share of the requests of the last five to ten seconds, so that they cannot multiply the load on
 * instances that fail because they have too much of it. One worker's own: a share of its requests is the same share of
 * all.
 */
export class RetryBudget {
  /** How many retries were refused. */
  refused = 0
  readonly #requests: () => number
  #share: BasisPoints = USUAL
  #retries = 0
  #sinceMs = 0
  #now: Counted = { requests: 0, retries: 0 }
  #before: Counted = this.#now

  /** `requests` counts all there were so far. */
  constructor(requests: () => number) {
    this.#requests = requests
  }

  /** A share of 0 allows none at all. */
  obey(share: BasisPoints = USUAL): void {
    this.#share = share
  }

  /** Whether there may be one more. */
  take(): boolean {
    const requests = this.#requests() - this.#before.requests
    const retries = this.#retries - this.#before.retries
    const most =
      this.#share === 0 ? 0 : Math.max(ALWAYS, Math.floor((requests * this.#share) / ALL))
    if (retries >= most) {
      this.refused += 1
      return false
    }
    this.#retries += 1
    return true
  }

  /** To be called often; `nowMs` of the monotonic clock. */
  sweep(nowMs: number): void {
    if (nowMs - this.#sinceMs < WINDOW_MS) return
    this.#sinceMs = nowMs
    this.#before = this.#now
    this.#now = { requests: this.#requests(), retries: this.#retries }
  }
}
