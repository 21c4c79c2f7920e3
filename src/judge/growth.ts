/** The first seconds of a process fill caches and compile code. */
const WARM_UP_MS = 15_000
const FEWEST = 20
const MOST = 120
/** Samples of one process hang together, so what is read off them is taken for certain only far out. */
const CERTAIN = 5
/** A growth that slows down like this comes to its end by itself. */
const SLOWING = 0.6

interface Sample {
  readonly atMs: number
  readonly value: number
}

/**
 * Whether a value grows, and how fast: the test of Mann and Kendall for a trend, the slope of Theil and Sen ("A rank-invariant
 * method of linear and polynomial regression analysis", 1950). Samples come about once a second.
 */
export class Growth {
  #begunAtMs: number | undefined
  #samples: Sample[] = []

  add(value: number, atMs: number): void {
    this.#begunAtMs ??= atMs
    if (atMs - this.#begunAtMs < WARM_UP_MS) return
    this.#samples.push({ atMs, value })
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

  get last(): number {
    return this.#samples.at(-1)?.value ?? 0
  }
}

/** How many standard deviations the sum of the signs of all pairs is above none. */
function trendOf(samples: readonly Sample[]): number {
  const n = samples.length
  let sum = 0
  for (const [at, one] of samples.entries())
    for (const other of samples.slice(at + 1)) sum += Math.sign(other.value - one.value)
  return sum / Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)
}

/** The middle one of the slopes of all pairs, in a second. */
function slopeOf(samples: readonly Sample[]): number {
  const slopes = samples.flatMap((one, at) =>
    samples
      .slice(at + 1)
      .map((other) => ((other.value - one.value) * 1000) / Math.max(1, other.atMs - one.atMs)),
  )
  return slopes.toSorted((a, b) => a - b)[slopes.length >> 1] ?? 0
}
