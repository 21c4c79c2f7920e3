import type { Sample, Spread } from '../sample.ts'
import type { Cost } from './loaded.ts'

/** What a load at a constant rate showed. */
export interface PacedLoad {
  readonly failed: number
  readonly latency?: Spread
  /** How late the load began its requests, at the 99th percentile, where it knows. */
  readonly lateP99Ms?: number
}

/** Beyond this the generator, not the proxy, may be what a latency shows. */
const LATE_MS = 2

/** Adds to a cost at full load what a constant rate showed. */
export function withLatency(cost: Cost, load: PacedLoad): Sample {
  const { failed, latency, lateP99Ms = 0 } = load
  const late = `one request in 100 was begun ${lateP99Ms.toFixed(1)} ms late by the load itself`
  return {
    ...cost,
    failed: cost.failed + failed,
    ...(latency && { latency }),
    notes: [...(cost.notes ?? []), ...(lateP99Ms > LATE_MS ? [late] : [])],
  }
}
