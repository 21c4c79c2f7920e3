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
}

/** In the order in which cases and proxies were first met. */
export function figuresOf(samples: readonly Taken[]): readonly Figures[] {
  const groups = Map.groupBy(samples, (sample) => `${sample.case} ${sample.proxy}`)
  return [...groups.values()].map((group) => {
    const { case: name = '', proxy = '' } = group[0] ?? {}
    const middle = (value: (sample: Taken) => number | undefined) => median(group.map(value))
    return {
      case: name,
      proxy,
      cpuMicrosPerRequest: rounded(
        middle((one) => one.cpuMicrosPerRequest),
        2,
      ),
      rps: rounded(
        middle((one) => one.rps),
        2,
      ),
      p50Ms: rounded(
        middle((one) => one.latency?.p50),
        3,
      ),
      p99Ms: rounded(
        middle((one) => one.latency?.p99),
        3,
      ),
      p999Ms: rounded(
        middle((one) => one.latency?.p999),
        3,
      ),
      rssMb: rounded(
        middle((one) => one.rssMb),
        1,
      ),
      ratioToNginx: rounded(
        middle((one) => ratioToNginx(one, samples)),
        3,
      ),
    }
  })
}

function ratioToNginx(sample: Taken, samples: readonly Taken[]): number | undefined {
  const nginx = samples.find(
    (one) => one.proxy === 'nginx' && one.case === sample.case && one.round === sample.round,
  )
  if (!nginx?.cpuMicrosPerRequest || sample.cpuMicrosPerRequest === undefined) return undefined
  return sample.cpuMicrosPerRequest / nginx.cpuMicrosPerRequest
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
