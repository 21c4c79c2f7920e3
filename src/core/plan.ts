import type { Address } from './address.ts'
import type { ReleaseId, ServiceName } from './names.ts'
import type { GateSpec, OutsideGate, Question } from './gate.ts'
import type { JudgeSpec } from './judge.ts'
import type { Doubt } from './doubt.ts'
import type { Weights } from './route.ts'

/** How many ready instances each release must have to carry its share. */
export type Needs = Readonly<Record<ReleaseId, number>>

/** One reversible change, as data: it can be printed, stored, and found again after a crash. */
export type StepData =
  | {
      readonly kind: 'start-instances'
      readonly release: ReleaseId
      readonly slots: readonly number[]
    }
  | {
      readonly kind: 'wait-until-ready'
      readonly release: ReleaseId
      readonly slots: readonly number[]
    }
  | {
      readonly kind: 'shift-traffic'
      readonly from: Weights
      readonly to: Weights
      /** Unset: one of each release that gets a share. */
      readonly needs?: { readonly from: Needs; readonly to: Needs }
    }
  /** Gives the release an address of its own, where it alone is served. */
  | {
      readonly kind: 'open-preview'
      readonly release: ReleaseId
      readonly slots: readonly number[]
      readonly listen: Address
    }
  | {
      readonly kind: 'close-preview'
      readonly release: ReleaseId
      readonly slots: readonly number[]
      readonly listen: Address
    }
  | {
      readonly kind: 'ask-gate'
      readonly release: ReleaseId
      readonly slots: readonly number[]
      readonly hold: number | 'until-promoted'
      readonly gate: GateSpec
      /** The hold ends as soon as the judge finds nothing worse. */
      readonly early?: true
      /** What to do when the hold is over and the judge is certain of nothing; unset: go on. */
      readonly inconclusive?: JudgeSpec['inconclusive']
      /** An instance that ends is for the judge; unset: it is a reason to take the release back. */
      readonly crashes?: 'compared'
      /** Asked again and again meanwhile. */
      readonly during?: readonly PassGate[]
    }
  | PassGate
  /** What a gate is for a worker: that it lives on. */
  | {
      readonly kind: 'watch-instances'
      readonly release: ReleaseId
      readonly slots: readonly number[]
      readonly hold: number | 'until-promoted'
    }
  | { readonly kind: 'drain'; readonly release: ReleaseId; readonly slots: readonly number[] }
  | {
      readonly kind: 'stop-instances'
      readonly release: ReleaseId
      readonly slots: readonly number[]
    }

/** A gate of the release's file, by its name: what it is asked with holds secrets, and a plan is printed. */
export interface PassGate {
  readonly kind: 'pass-gate'
  readonly release: ReleaseId
  readonly from?: ReleaseId
  readonly gate: OutsideGate['name']
  readonly asks: Question['kind']
  /** In a few words: `before 25%`. */
  readonly moment: string
}

export type StepKind = StepData['kind']

/** An ordered list of steps. */
export interface Plan {
  readonly service: ServiceName
  readonly strategy: 'rolling' | 'blue-green' | 'canary'
  readonly from?: ReleaseId
  readonly to: ReleaseId
  readonly steps: readonly StepData[]
  /** How `to` is compared with `from` while both serve. */
  readonly judge?: JudgeSpec
  /** What the preflight doubted, and let pass. Absent when it had no doubts. */
  readonly doubts?: readonly Doubt[]
  /** The release that stays warm after the last step, and for how long. */
  readonly keeps?: { readonly release: ReleaseId; readonly warmMs: number }
}
