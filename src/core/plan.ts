import type { ReleaseId, ServiceName } from './names.ts'
import type { GateSpec } from './gate.ts'
import type { Weights } from './route.ts'

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
  | { readonly kind: 'shift-traffic'; readonly from: Weights; readonly to: Weights }
  | {
      readonly kind: 'ask-gate'
      readonly release: ReleaseId
      readonly slots: readonly number[]
      readonly hold: number | 'until-promoted'
      readonly gate: GateSpec
    }
  | { readonly kind: 'drain'; readonly release: ReleaseId; readonly slots: readonly number[] }
  | {
      readonly kind: 'stop-instances'
      readonly release: ReleaseId
      readonly slots: readonly number[]
    }

export type StepKind = StepData['kind']

/** An ordered list of steps. */
export interface Plan {
  readonly service: ServiceName
  readonly strategy: 'rolling' | 'blue-green' | 'canary'
  readonly from?: ReleaseId
  readonly to: ReleaseId
  readonly steps: readonly StepData[]
  /** The release that stays warm after the last step, and for how long. */
  readonly keeps?: { readonly release: ReleaseId; readonly warmMs: number }
}
