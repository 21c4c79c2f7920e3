import { ALL, type BasisPoints, type ReleaseId } from '../core/names.ts'
import type { Needs, StepData } from '../core/plan.ts'
import type { Release } from '../core/release.ts'
import type { Weights } from '../core/route.ts'
import type { Running } from '../core/strategy.ts'

/** Who has which share of the traffic, and how many instances it takes to carry it. */
export interface Sharing {
  readonly weights: Weights
  readonly needs: Needs
}

/** A release, and how many instances carry all of the traffic when it has all of it. */
export interface Carrier {
  readonly release: ReleaseId
  readonly instances: number
}

export const nobody: Sharing = { weights: {}, needs: {} }

export function nextOf({ id, spec }: Release): Carrier {
  return { release: id, instances: spec.instances }
}

export function oldOf({ release, slots }: Running): Carrier {
  return { release, instances: slots.length }
}

/** Everything on one release; nothing at all before the first. */
export function allOn(carrier: Carrier | undefined): Sharing {
  if (!carrier) return nobody
  return {
    weights: { [carrier.release]: ALL },
    needs: { [carrier.release]: carrier.instances },
  }
}

/** `share` on the new release and the rest on the old one, each with as many instances as that share needs. */
export function split(old: Carrier, next: Carrier, share: BasisPoints): Sharing {
  return {
    weights: { [old.release]: ALL - share, [next.release]: share },
    needs: {
      [old.release]: neededFor(ALL - share, old),
      [next.release]: neededFor(share, next),
    },
  }
}

/** As many instances as the share needs, so that a small share cannot be crushed on too few. */
export function neededFor(share: BasisPoints, { instances }: Carrier): number {
  return Math.max(1, Math.ceil((share * instances) / ALL))
}

export function shift(from: Sharing, to: Sharing): StepData {
  const needs = { from: from.needs, to: to.needs }
  return { kind: 'shift-traffic', from: from.weights, to: to.weights, needs }
}
