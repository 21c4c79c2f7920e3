import type { Address } from './address.ts'
import type { BasisPoints } from './names.ts'
import type { GateSpec, OutsideGate } from './gate.ts'
import type { JudgeSpec } from './judge.ts'
import type { Portion } from './portion.ts'

interface Common {
  readonly gate: GateSpec
  /** Who else is asked; unset: nobody. */
  readonly gates?: readonly OutsideGate[]
  /** Unset: only the plain limits of the gate hold. */
  readonly judge?: JudgeSpec
  /** How long the gate watches after all traffic has moved, while the old release can still take it back. */
  readonly bakeMs: number
  /** How long the old set stays warm after the rollout, for an instant rollback; unset or 0: it is ended. */
  readonly warmMs?: number
  /** Where the new release alone is served, from when it is ready until the rollout ends. */
  readonly preview?: Address
}

export interface RollingSpec extends Common {
  readonly strategy: 'rolling'
  /** How many instances are replaced at a time, and how many may run beyond the wanted number meanwhile. */
  readonly batch: Portion
  readonly surge: Portion
}

export interface BlueGreenSpec extends Common {
  readonly strategy: 'blue-green'
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
