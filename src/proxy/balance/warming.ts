import { EVEN } from './candidate.ts'

/**
 * While some instances of a release warm up, and others are warm. When all are new, as after a switch to a new
 * release, nobody is there to take what they do not: then each has its whole share, and slow start does nothing.
 */
export class Warming {
  readonly #firstWarmMs: number
  #lastWarmMs: number

  /** When each instance is warm, by the monotonic clock. */
  constructor(warmAtMs: readonly number[]) {
    this.#firstWarmMs = Math.min(...warmAtMs)
    this.#lastWarmMs = Math.max(...warmAtMs)
  }

  /** The time of now where shares differ by it, else `EVEN`; when all are warm it costs one comparison. */
  nowMs(): number {
    if (this.#lastWarmMs === 0) return EVEN
    const now = performance.now()
    if (now >= this.#lastWarmMs) this.#lastWarmMs = 0
    return now >= this.#firstWarmMs && now < this.#lastWarmMs ? now : EVEN
  }
}
