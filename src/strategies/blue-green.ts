import type { BlueGreenSpec } from '../core/rollout-spec.ts'
import type { Strategy } from '../core/strategy.ts'
import { allOn, bake, bringUp, clearAway, shift, slotsOf, takeAway } from './moves.ts'

/** A full second set, proven ready, takes all traffic at once; the old set stays warm for an instant rollback. */
export const blueGreen: Strategy<BlueGreenSpec> = (now, next, spec) => {
  const old = now.live
  const keeps = old && spec.warmMs > 0
  return {
    service: next.service,
    strategy: 'blue-green',
    ...(old && { from: old.release }),
    to: next.id,
    steps: [
      ...clearAway(now, next),
      ...bringUp(next.id, slotsOf(next)),
      ...shift(allOn(old?.release), allOn(next.id)),
      ...bake(now, next, spec),
      ...(old && !keeps ? takeAway(old.release, old.slots) : []),
    ],
    ...(keeps && { keeps: { release: old.release, warmMs: spec.warmMs } }),
  }
}
