/** What one run of one case showed of one proxy. What a case does not measure is left out. */
export interface Sample {
  /** User and system time of all processes of the proxy, for each request. */
  readonly cpuMicrosPerRequest?: number
  /** Requests done each second with the proxy's core busy. */
  readonly rps?: number
  /** Bodies passed on, in MB of 10^6 bytes a second. Only where they are large. */
  readonly mbPerSecond?: number
  readonly latency?: Spread
  /** Memory of the proxy, in MB of 10^6 bytes. */
  readonly rssMb?: number
  /** Requests that got no answer, or another than they should. */
  readonly failed: number
  /** What a reader must know to read the figures right. */
  readonly notes?: readonly string[]
}

/** Milliseconds. */
export interface Spread {
  readonly p50: number
  readonly p99: number
  readonly p999: number
}

export function spreadOf(milliseconds: readonly number[]): Spread {
  const sorted = Float64Array.from(milliseconds).sort()
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999) }
}
