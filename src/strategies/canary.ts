import { ALL } from '../core/names.ts'
import type { StepData } from '../core/plan.ts'
import type { Release } from '../core/release.ts'
import type { CanarySpec } from '../core/rollout-spec.ts'
import type { Running, Strategy } from '../core/strategy.ts'
import { bake, bringUp, clearAway, retire, slotsOf, watch } from './moves.ts'
import { previewed } from './previewed.ts'
import { allOn, neededFor, nextOf, nobody, oldOf, type Sharing, shift, split } from './sharing.ts'

/** A growing share of traffic, each watched by the gate before the next. */
export const canary: Strategy<CanarySpec> = (now, next, spec) => {
  const old = now.live
  const { steps, keeps } = retire(old, spec)
  return {
    service: next.service,
    strategy: 'canary',
    ...(old && { from: old.release }),
    to: next.id,
    steps: previewed(now, next, spec, [
      ...clearAway(now, next),
      ...(old ? climb(old, next, spec) : all(nobody, next, 0)),
      ...bake(now, next, spec),
      ...steps,
    ]),
    ...(keeps && { keeps }),
  }
}

function climb(live: Running, next: Release, spec: CanarySpec): StepData[] {
  const steps: StepData[] = []
  const [old, fresh] = [oldOf(live), nextOf(next)]
  let sharing = allOn(old)
  let started = 0
  for (const step of spec.steps.filter((each) => each.share < ALL)) {
    const wanted = neededFor(step.share, fresh)
    const slots = slotsOf(next).slice(0, wanted)
    const to = split(old, fresh, step.share)
    steps.push(
      ...bringUp(next.id, slots.slice(started)),
      shift(sharing, to),
      watch(next, slots, step.hold, spec),
    )
    sharing = to
    started = Math.max(started, wanted)
  }
  return [...steps, ...all(sharing, next, started)]
}

function all(from: Sharing, next: Release, started: number): StepData[] {
  return [...bringUp(next.id, slotsOf(next).slice(started)), shift(from, allOn(nextOf(next)))]
}
