import { FEWEST_COMPARED } from '../core/judge.ts'
import type { ReleaseId } from '../core/names.ts'
import type { Plan, StepData } from '../core/plan.ts'
import type { Release } from '../core/release.ts'
import type { RolloutSpec } from '../core/rollout-spec.ts'
import type { Now, Running } from '../core/strategy.ts'

/** The moves that plans are made of; a move without slots is no move. */

/** Brings instances up beside what serves; they get no traffic yet. */
export function bringUp(release: ReleaseId, slots: readonly number[]): StepData[] {
  if (slots.length === 0) return []
  return [
    { kind: 'start-instances', release, slots },
    { kind: 'wait-until-ready', release, slots },
  ]
}

/** Takes instances away without losing what runs on them. */
export function takeAway(release: ReleaseId, slots: readonly number[]): StepData[] {
  if (slots.length === 0) return []
  return [
    { kind: 'drain', release, slots },
    { kind: 'stop-instances', release, slots },
  ]
}

/** What becomes of the old set at the end: it stays warm for as long as the file says, or leaves. */
export function retire(old: Running | undefined, { warmMs = 0 }: RolloutSpec): Retirement {
  if (!old) return { steps: [] }
  if (warmMs > 0) return { steps: [], keeps: { release: old.release, warmMs } }
  return { steps: takeAway(old.release, old.slots) }
}

interface Retirement {
  readonly steps: readonly StepData[]
  readonly keeps?: NonNullable<Plan['keeps']>
}

/** The gate's watch after everything has moved. A first release has nothing to go back to: taking it away helps nobody. */
export function bake(now: Now, next: Release, spec: RolloutSpec): StepData[] {
  if (!now.live) return []
  // What breaks under all of the traffic may take a while.
  const judge = spec.judge && { ...spec.judge, early: false }
  return [watch(next, slotsOf(next), spec.bakeMs, { ...spec, ...(judge && { judge }) })]
}

/** The gate watches these instances for as long as `hold` says. */
export function watch(
  { id: release }: Release,
  slots: readonly number[],
  hold: number | 'until-promoted',
  { gate, judge }: RolloutSpec,
): StepData {
  const inconclusive = judge && judge.inconclusive !== 'go-on' ? judge.inconclusive : undefined
  const isEarly = judge?.early === true && typeof hold === 'number' && hold > 0
  return {
    kind: 'ask-gate',
    release,
    slots,
    hold,
    gate,
    ...(inconclusive && { inconclusive }),
    ...(isEarly && { early: true }),
    ...(judge?.crashes && slots.length >= FEWEST_COMPARED && { crashes: judge.crashes }),
  }
}

/** What runs beside the live release makes room, but for what the next release can use. */
export function clearAway(now: Now, next: Release): StepData[] {
  return now.others.flatMap(({ release, slots }) => {
    const isNext = release === next.id
    return takeAway(release, isNext ? slots.filter((slot) => slot >= next.spec.instances) : slots)
  })
}

export function slotsOf(release: Release): number[] {
  return Array.from({ length: release.spec.instances }, (_, slot) => slot)
}
