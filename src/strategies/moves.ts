import { ALL, type ReleaseId } from '../core/names.ts'
import type { StepData } from '../core/plan.ts'
import type { Release } from '../core/release.ts'
import type { Weights } from '../core/route.ts'
import type { RolloutSpec } from '../core/rollout-spec.ts'
import type { Now } from '../core/strategy.ts'

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

export function shift(from: Weights, to: Weights): StepData[] {
  return [{ kind: 'shift-traffic', from, to }]
}

/** The gate's watch after everything has moved. A first release has nothing to go back to: taking it away helps nobody. */
export function bake(now: Now, next: Release, spec: RolloutSpec): StepData[] {
  if (!now.live) return []
  const slots = slotsOf(next)
  return [{ kind: 'ask-gate', release: next.id, slots, hold: spec.bakeMs, gate: spec.gate }]
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

/** Everything on one release; nothing at all before the first. */
export function allOn(release: ReleaseId | undefined): Weights {
  return release === undefined ? {} : { [release]: ALL }
}

/** `share` on the new release and the rest on the old one. */
export function split(from: ReleaseId, to: ReleaseId, share: number): Weights {
  return share >= ALL ? allOn(to) : { [from]: ALL - share, [to]: share }
}
