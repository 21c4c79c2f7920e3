import type { AtAge } from '../core/judge.ts'
import { slopeOf } from './slope.ts'

/** The first seconds of a process fill caches and compile code. */
const WARM_UP_MS = 15_000
const FEWEST = 20
const MOST = 120
/** Samples of one process hang together, so what is read off them is taken for certain only far out. */
const CERTAIN = 5
/** A growth that slows down like this comes to its end by itself. */
const SLOWING = 0.6

/** Between which ages, in milliseconds. */
export interface Ages {
  readonly fromMs: number
  readonly toMs: number
}

/** Whether a value grows, and how fast: the test of Mann and Kendall for a trend. Samples come about once a second. */
export class Growth {
  #begunAtMs: number | undefined
  #samples: AtAge[] = []

  /** Ages only grow. */
  add(sample: AtAge): void {
    this.#begunAtMs ??= sample.ageMs
    if (sample.ageMs - this.#begunAtMs < WARM_UP_MS) return
    this.#samples.push(sample)
    if (this.#samples.length > MOST) this.#samples = this.#samples.filter((_, at) => at % 2 === 1)
  }

  /** In a second; 0 while no growth is certain, or when it comes to an end. */
  get perSecond(): number {
    const samples = this.#samples
    if (samples.length < FEWEST || trendOf(samples) < CERTAIN) return 0
    const half = samples.length >> 1
    const [early, late] = [slopeOf(samples.slice(0, half)), slopeOf(samples.slice(half))]
    return late < SLOWING * early ? 0 : Math.max(0, slopeOf(samples))
  }

  /** What its speed was read off. */
  get ages(): Ages {
    return { fromMs: this.#samples[0]?.ageMs ?? 0, toMs: this.#samples.at(-1)?.ageMs ?? 0 }
  }
}

/** How many standard deviations the sum of the signs of all pairs is above none. */
function trendOf(samples: readonly AtAge[]): number {
  const n = samples.length
  let sum = 0
  for (const [at, one] of samples.entries())
    for (const other of samples.slice(at + 1)) sum += Math.sign(other.value - one.value)
  return sum / Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)
}
