import type { RetryBudget } from '../limits/retry-budget.ts'
import type { Attempt } from './attempt.ts'
import type { RequestRelay } from './request-relay.ts'

/**
 * RFC 9110 §9.2.2: what failed after an automatic retry is not tried a third time; and with proxies in a row, only one
 * of them tries again, or a failure would be multiplied by each.
 */
const MOST = 1
const MOST_REFUSALS = 5

/** Whether one request is sent again after it failed. */
export class Retries {
  readonly #budget: RetryBudget
  readonly #request: RequestRelay
  #counted = 0
  #refusals = 0
  #sentBefore = false

  constructor(budget: RetryBudget, request: RequestRelay) {
    this.#budget = budget
    this.#request = request
  }

  /** It was sent before: over a kept connection it could fail in the same way again. */
  get sentBefore(): boolean {
    return this.#sentBefore
  }

  /** Only what certainly reached nobody, or what may be done twice. No answer has begun. */
  allow(attempt: Attempt): boolean {
    if (!attempt.sent) return true
    if (attempt.refused) return this.#request.intact && this.#takesRefusal()
    if (!this.#request.repeatable) return false
    // Nearly always the instance closed it for being idle, and read nothing: this can happen once, and is nobody's load.
    if (!attempt.stale && !this.#takes()) return false
    this.#sentBefore = true
    return true
  }

  /** An instance that leaves refuses what was on its way; one that always refuses must not keep it for ever. */
  #takesRefusal(): boolean {
    this.#refusals += 1
    return this.#refusals <= MOST_REFUSALS
  }

  #takes(): boolean {
    if (this.#counted === MOST || this.#request.isRetry || !this.#budget.take()) return false
    this.#counted += 1
    return true
  }
}
