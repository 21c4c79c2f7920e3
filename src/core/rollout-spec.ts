import type { BasisPoints } from './names.ts'
import type { GateSpec } from './gate.ts'

interface Common {
  readonly gate: GateSpec
  /** How long the gate watches after all traffic has moved, while the old release can still take it back. */
  readonly bakeMs: number
}

export interface RollingSpec extends Common {
  readonly strategy: 'rolling'
  /** How many instances are replaced at a time, and how many may run beyond the wanted number meanwhile. */
  readonly batch: number
  readonly surge: number
}

export interface BlueGreenSpec extends Common {
  readonly strategy: 'blue-green'
  /** How long the old set stays warm after the switch, for an instant rollback. */
  readonly warmMs: number
}

export interface CanarySpec extends Common {
  readonly strategy: 'canary'
  readonly steps: readonly CanaryStep[]
}

export interface CanaryStep {
  readonly share: BasisPoints
  /** How long the gate watches this share; `until-promoted` waits for a person. */
  readonly hold: number | 'until-promoted'
}

export type RolloutSpec = RollingSpec | BlueGreenSpec | CanarySpec
