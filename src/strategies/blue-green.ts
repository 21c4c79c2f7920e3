import type { BlueGreenSpec } from '../core/rollout-spec.ts'
import type { Strategy } from '../core/strategy.ts'
import { bake, bringUp, clearAway, retire, slotsOf } from './moves.ts'
import { previewed } from './previewed.ts'
import { allOn, nextOf, oldOf, shift } from './sharing.ts'

/** A full second set, proven ready, takes all traffic at once; the old set stays warm for an instant rollback. */
export const blueGreen: Strategy<BlueGreenSpec> = (now, next, spec) => {
  const old = now.live
  const { steps, keeps } = retire(old, spec)
  return {
    service: next.service,
    strategy: 'blue-green',
    ...(old && { from: old.release }),
    to: next.id,
    steps: previewed(now, next, spec, [
      ...clearAway(now, next),
      ...bringUp(next.id, slotsOf(next)),
      shift(allOn(old && oldOf(old)), allOn(nextOf(next))),
      ...bake(now, next, spec),
      ...steps,
    ]),
    ...(keeps && { keeps }),
  }
}
