import type { Sample } from './sample.ts'

/** A sample and where it comes from. */
export interface Taken extends Sample {
  readonly case: string
  readonly proxy: string
  /** Samples of the same round were taken one right after the other. */
  readonly round: number
}

/** Medians over the rounds. `null` where the case does not measure it. */
export interface Figures {
  readonly case: string
  readonly proxy: string
  readonly cpuMicrosPerRequest: number | null
  readonly rps: number | null
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  readonly p999Ms: number | null
  readonly rssMb: number | null
  /** Median over the rounds of this proxy's CPU per request, divided by nginx's in the same round. */
  readonly ratioToNginx: number | null
  /** The same against `nginx-bare`, which does less for each request. */
  readonly ratioToBareNginx: number | null
  /** Bodies passed on, in MB of 10^6 bytes a second. */
  readonly mbPerSecond: number | null
}

/** In the order in which cases and proxies were first met. */
export function figuresOf(samples: readonly Taken[]): readonly Figures[] {
  const groups = Map.groupBy(samples, (sample) => `${sample.case} ${sample.proxy}`)
  return [...groups.values()].map((group) => {
    const { case: name = '', proxy = '' } = group[0] ?? {}
    const middle = (digits: number, value: (sample: Taken) => number | undefined) =>
      rounded(median(group.map(value)), digits)
    return {
      case: name,
      proxy,
      cpuMicrosPerRequest: middle(2, (one) => one.cpuMicrosPerRequest),
      rps: middle(2, (one) => one.rps),
      p50Ms: middle(3, (one) => one.latency?.p50),
      p99Ms: middle(3, (one) => one.latency?.p99),
      p999Ms: middle(3, (one) => one.latency?.p999),
      rssMb: middle(1, (one) => one.rssMb),
      ratioToNginx: middle(3, (one) => ratioTo('nginx', one, samples)),
      ratioToBareNginx: middle(3, (one) => ratioTo('nginx-bare', one, samples)),
      mbPerSecond: middle(1, (one) => one.mbPerSecond),
    }
  })
}

function ratioTo(proxy: string, sample: Taken, samples: readonly Taken[]): number | undefined {
  const other = samples.find(
    (one) => one.proxy === proxy && one.case === sample.case && one.round === sample.round,
  )
  if (!other?.cpuMicrosPerRequest || sample.cpuMicrosPerRequest === undefined) return undefined
  return sample.cpuMicrosPerRequest / other.cpuMicrosPerRequest
}

function median(values: readonly (number | undefined)[]): number | undefined {
  const sorted = values.filter((value) => value !== undefined).toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2
}

function rounded(value: number | undefined, digits: number): number | null {
  return value === undefined ? null : Number(value.toFixed(digits))
}
