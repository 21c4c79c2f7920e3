import { ALL, type ReleaseId } from '../core/names.ts'
import type { StepData } from '../core/plan.ts'
import type { Release } from '../core/release.ts'
import type { RollingSpec } from '../core/rollout-spec.ts'
import type { Weights } from '../core/route.ts'
import type { Strategy } from '../core/strategy.ts'
import { allOn, bake, bringUp, clearAway, shift, slotsOf, takeAway } from './moves.ts'

/** Replaces the instances batch by batch; at most `surge` more than the wanted number run meanwhile. */
export const rolling: Strategy<RollingSpec> = (now, next, spec) => ({
  service: next.service,
  strategy: 'rolling',
  ...(now.live && { from: now.live.release }),
  to: next.id,
  steps: [
    ...clearAway(now, next),
    ...(now.live ? replace(now.live, next, spec) : first(next)),
    ...bake(now, next, spec),
  ],
})

function first(next: Release): StepData[] {
  return [...bringUp(next.id, slotsOf(next)), ...shift({}, allOn(next.id))]
}

interface Old {
  readonly release: ReleaseId
  readonly slots: readonly number[]
}

function replace(old: Old, next: Release, spec: RollingSpec): StepData[] {
  const steps: StepData[] = []
  let weights = allOn(old.release)
  for (const batch of batches(old, next, spec.batch)) {
    // Without surge the old ones make room first; the rest leave when the new ones serve.
    const early = batch.leaving.slice(0, Math.max(0, batch.leaving.length - spec.surge))
    const to = byCount(old.release, batch.left, next.id, batch.reached)
    steps.push(
      ...takeAway(old.release, early),
      ...bringUp(next.id, batch.coming),
      ...shift(weights, to),
      ...takeAway(old.release, batch.leaving.slice(early.length)),
      {
        kind: 'ask-gate',
        release: next.id,
        slots: slotsOf(next).slice(0, batch.reached),
        hold: 0,
        gate: spec.gate,
      },
    )
    weights = to
  }
  return steps
}

interface Batch {
  readonly coming: readonly number[]
  readonly leaving: readonly number[]
  /** How many old ones are left, and how many new ones reached, after the batch. */
  readonly left: number
  readonly reached: number
}

function batches(old: Old, next: Release, size: number): Batch[] {
  const coming = slotsOf(next)
  const count = Math.ceil(coming.length / size)
  return Array.from({ length: count }, (_, index) => {
    const isLast = index === count - 1
    const end = isLast ? Infinity : (index + 1) * size
    return {
      coming: coming.slice(index * size, end),
      leaving: old.slots.slice(index * size, end),
      left: isLast ? 0 : Math.max(0, old.slots.length - (index + 1) * size),
      reached: Math.min(coming.length, end),
    }
  })
}

/** Every instance gets the same share, whichever release it runs. */
function byCount(from: ReleaseId, left: number, to: ReleaseId, reached: number): Weights {
  if (left === 0) return allOn(to)
  const share = Math.round((ALL * reached) / (left + reached))
  return { [from]: ALL - share, [to]: share }
}
