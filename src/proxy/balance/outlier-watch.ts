import type { OutlierSpec } from '../../core/balance.ts'
import { ALL } from '../../core/names.ts'

/** Which limit an instance has crossed. */
export type Crossed = 'in-a-row' | 'share'

/**
 * How the requests of one instance went, as this worker saw it. A failure is a 5xx, no answer, none in time, or one that
 * broke off: what the client did wrong, and what this proxy could not do, is not counted.
 */
export class OutlierWatch {
  readonly #spec: OutlierSpec
  #inARow = 0
  #status = 0
  #requests = 0
  #failures = 0
  /** Of the interval before this one, so that an instance is not without a past at each beginning. */
  #requestsBefore = 0
  #failuresBefore = 0
  #sinceMs = 0

  constructor(spec: OutlierSpec) {
    this.#spec = spec
  }

  /** `status` is 0 where the answer was owed or broke off; `nowMs` of the monotonic clock. */
  count(status: number, nowMs: number): Crossed | undefined {
    if (nowMs - this.#sinceMs >= this.#spec.intervalMs) this.#turn(nowMs)
    this.#requests += 1
    if (status !== 0 && status < 500) {
      this.#inARow = 0
      return undefined
    }
    this.#failures += 1
    this.#inARow += 1
    this.#status = status
    return this.#crossed()
  }

  /**
   * Whether it does so much better that the fault is in the other one. Where all fail, such as without their database,
   * taking one out would only leave the rest with more to do; and where one request of ten fails on all of them, five
   * failures in a row are bound to come.
   */
  betterThan(other: OutlierWatch, crossed: Crossed, nowMs: number): boolean {
    if (crossed === 'in-a-row' && this.#inARow > 0) return false
    return 2 * this.#shareAt(nowMs) <= other.#shareAt(nowMs)
  }

  inWords(crossed: Crossed): string {
    if (crossed === 'share')
      return `${this.#failures} of ${this.#requests} requests failed within ${this.#spec.intervalMs} ms`
    const last = this.#status === 0 ? 'got no whole answer' : `was answered ${this.#status}`
    return `${this.#inARow} requests in a row failed, the last one ${last}`
  }

  /** What was seen has been told, or does not count any more. */
  forget(): void {
    this.#inARow = 0
    this.#turn(0)
    this.#turn(0)
  }

  #crossed(): Crossed | undefined {
    const { consecutive, requests, share } = this.#spec
    if (this.#inARow >= consecutive) return 'in-a-row'
    if (this.#requests < requests) return undefined
    return this.#failures * ALL >= share * this.#requests ? 'share' : undefined
  }

  #turn(nowMs: number): void {
    const isOld = nowMs - this.#sinceMs >= 2 * this.#spec.intervalMs
    this.#requestsBefore = isOld ? 0 : this.#requests
    this.#failuresBefore = isOld ? 0 : this.#failures
    this.#requests = 0
    this.#failures = 0
    this.#sinceMs = nowMs
  }

  #shareAt(nowMs: number): number {
    const isOld = nowMs - this.#sinceMs >= 2 * this.#spec.intervalMs
    const requests = isOld ? 0 : this.#requests + this.#requestsBefore
    return requests === 0 ? 0 : (this.#failures + this.#failuresBefore) / requests
  }
}
