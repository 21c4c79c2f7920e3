import type { Sample } from '../sample.ts'
import type { Cost } from './loaded.ts'
import { type PacedLoad, withLatency } from './with-latency.ts'

/** Adds to a cost at full load the latency at half of that rate. */
export async function atHalfLoad(
  cost: Cost,
  load: (perSecond: number) => Promise<PacedLoad>,
): Promise<Sample> {
  return withLatency(cost, await load(cost.rps / 2))
}
