import type { LoadOutcome } from '../load/talk.ts'
import type { Sample } from '../sample.ts'
import type { Cost } from './loaded.ts'

/** Beyond this the generator, not the proxy, may be what a latency shows. */
const LATE_MS = 2

type HalfLoad = Pick<LoadOutcome, 'failed'> & Partial<Pick<LoadOutcome, 'latency' | 'lateP99Ms'>>

/** Adds to a cost at full load the latency at half of that rate. */
export async function atHalfLoad(
  cost: Cost,
  load: (perSecond: number) => Promise<HalfLoad>,
): Promise<Sample> {
  const { failed, latency, lateP99Ms = 0 } = await load(cost.rps / 2)
  const late = `one request in 100 was begun ${lateP99Ms.toFixed(1)} ms late by the load itself`
  return {
    ...cost,
    failed: cost.failed + failed,
    ...(latency && { latency }),
    notes: [...(cost.notes ?? []), ...(lateP99Ms > LATE_MS ? [late] : [])],
  }
}
