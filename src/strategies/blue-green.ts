import type { Release } from '../core/release.ts'
import type { BlueGreenSpec } from '../core/rollout-spec.ts'
import type { Now, Strategy } from '../core/strategy.ts'
import { bake, bringUp, clearAway, retire, slotsOf } from './moves.ts'
import { previewed } from './previewed.ts'
import { allOn, nextOf, oldOf, shift } from './sharing.ts'

/**
 * A full second set, proven ready, takes all traffic at once; the old set stays warm for an instant rollback. What is
 * warm already is not started again: then the shift itself is the first thing that happens.
 */
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
      ...bringUp(next.id, missing(now, next)),
      shift(allOn(old && oldOf(old)), allOn(nextOf(next))),
      ...bake(now, next, spec),
      ...steps,
    ]),
    ...(keeps && { keeps }),
  }
}

function missing({ others }: Now, next: Release): number[] {
  const serving = others.find(({ release }) => release === next.id)?.serving ?? []
  return slotsOf(next).filter((slot) => !serving.includes(slot))
}
