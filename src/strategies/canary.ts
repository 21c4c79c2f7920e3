import { ALL, type ReleaseId } from '../core/names.ts'
import type { StepData } from '../core/plan.ts'
import type { Release } from '../core/release.ts'
import type { CanarySpec, CanaryStep } from '../core/rollout-spec.ts'
import type { Weights } from '../core/route.ts'
import type { Strategy } from '../core/strategy.ts'
import { allOn, bake, bringUp, clearAway, shift, slotsOf, split, takeAway } from './moves.ts'

/** A growing share of traffic, each watched by the gate before the next. */
export const canary: Strategy<CanarySpec> = (now, next, spec) => {
  const old = now.live
  return {
    service: next.service,
    strategy: 'canary',
    ...(old && { from: old.release }),
    to: next.id,
    steps: [
      ...clearAway(now, next),
      ...(old ? climb(old.release, next, spec) : all(undefined, next, 0)),
      ...bake(now, next, spec),
      ...(old ? takeAway(old.release, old.slots) : []),
    ],
  }
}

function climb(old: ReleaseId, next: Release, spec: CanarySpec): StepData[] {
  const steps: StepData[] = []
  let weights: Weights = allOn(old)
  let started = 0
  for (const step of spec.steps.filter((each) => each.share < ALL)) {
    const wanted = instancesFor(step, next)
    const slots = slotsOf(next).slice(0, wanted)
    const to = split(old, next.id, step.share)
    steps.push(...bringUp(next.id, slots.slice(started)), ...shift(weights, to), {
      kind: 'ask-gate',
      release: next.id,
      slots,
      hold: step.hold,
      gate: spec.gate,
    })
    weights = to
    started = Math.max(started, wanted)
  }
  return [...steps, ...all(weights, next, started)]
}

function all(from: Weights = {}, next: Release, started: number): StepData[] {
  return [...bringUp(next.id, slotsOf(next).slice(started)), ...shift(from, allOn(next.id))]
}

/** As many instances as the share needs, so that a small share cannot be crushed on too few. */
function instancesFor(step: CanaryStep, next: Release): number {
  return Math.max(1, Math.ceil((step.share * next.spec.instances) / ALL))
}
