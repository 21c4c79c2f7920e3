import { EVEN } from './candidate.ts'

/**
 * While some instances of a release warm up, and others are warm. When all are new, as after a switch to a new
 * release, nobody is there to take what they do not: then each has its whole share, and slow start does nothing.
 */
export class Warming {
  #firstWarmMs = Infinity
  #lastWarmMs = 0

  /** Takes in an instance that is warm at this time. */
  add(warmAtMs: number): void {
    this.#firstWarmMs = Math.min(this.#firstWarmMs, warmAtMs)
    this.#lastWarmMs = Math.max(this.#lastWarmMs, warmAtMs)
  }

  /** The time of now where shares differ by it, else `EVEN`. Costs one comparison when nothing warms up. */
  nowMs(): number {
    if (this.#lastWarmMs === 0) return EVEN
    const now = performance.now()
    if (now >= this.#lastWarmMs) this.#lastWarmMs = 0
    return now >= this.#firstWarmMs && now < this.#lastWarmMs ? now : EVEN
  }
}
