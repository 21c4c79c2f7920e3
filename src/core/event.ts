import type { Rollout } from './rollout.ts'
import type { ProblemJson } from './problem.ts'

/** What happens during a rollout, as it happens, for whoever watches. */
export type RolloutEvent =
  | { readonly event: 'planned'; readonly rollout: Rollout; readonly steps: readonly string[] }
  | {
      readonly event: 'step'
      readonly step: number
      readonly state: StepState
      readonly what: string
      readonly note?: string
    }
  | { readonly event: 'progress'; readonly step: number; readonly note: string }
  | { readonly event: 'turned'; readonly because: ProblemJson }
  | { readonly event: 'paused'; readonly reason: string }
  | { readonly event: 'resumed' }
  | { readonly event: 'finished'; readonly rollout: Rollout }

export type StepState = 'begun' | 'done' | 'undoing' | 'undone'
