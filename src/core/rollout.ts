import type { Counts } from './traffic.ts'
import type { ReleaseId, ServiceName } from './names.ts'
import type { Plan } from './plan.ts'
import type { ProblemJson } from './problem.ts'

export type RolloutId = number

export type Outcome = 'promoted' | 'undone' | 'stuck'

/** `step` counts from 0 and is the one being done, undone, or next. */
export type RolloutState =
  | { readonly phase: 'running'; readonly step: number }
  | { readonly phase: 'paused'; readonly step: number; readonly reason: string }
  | { readonly phase: 'undoing'; readonly step: number; readonly because: ProblemJson }
  | { readonly phase: 'finished'; readonly outcome: Outcome; readonly because?: ProblemJson }

/** One execution of one plan. */
export interface Rollout {
  readonly id: RolloutId
  readonly service: ServiceName
  readonly plan: Plan
  /** What the user asked for. */
  readonly kind: 'deploy' | 'rollback'
  /** Who asked, as far as it was told. */
  readonly by?: string
  readonly state: RolloutState
  /** What the router had counted when it began. */
  readonly baseline: Baseline
  readonly startedAtMs: number
  readonly endedAtMs?: number
  readonly ledger?: Ledger
}

export interface Baseline {
  readonly counts: Readonly<Record<ReleaseId, Counts>>
  readonly held: number
  readonly refused: number
}

export interface LedgerOfRelease {
  readonly requests: number
  readonly errors: number
  /** Within this time 99 % of its answers began, over all its life so far; unset where that was not seen. */
  readonly p99Ms?: number
}

/** Every request that met the rollout, and what became of it. */
export interface Ledger {
  readonly requests: number
  readonly byRelease: Readonly<Record<ReleaseId, LedgerOfRelease>>
  /** Answered 502, 503 or 504 by the proxy, or cut in the middle: not the app's own doing. */
  readonly failed: number
  readonly retried: number
  readonly held: number
  readonly seconds: number
}
