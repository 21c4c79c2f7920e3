import type { RolloutEvent } from '../core/event.ts'
import type { Journal } from '../core/journal.ts'
import type { Rollout } from '../core/rollout.ts'
import type { Step, Steps, World } from '../core/step.ts'
import type { StepData } from '../core/plan.ts'
import type { Rollouts, ServiceRecord } from '../core/store.ts'
import type { Controls } from './controls.ts'

/** One rollout and all that it takes to execute it. */
export interface Work {
  readonly rollout: Rollout
  readonly world: World
  readonly steps: Steps
  readonly journal: Journal
  readonly rollouts: Rollouts
  readonly controls: Controls
  /** What is meant to be when it ends well, and when it is undone. */
  readonly records: { readonly promoted: ServiceRecord; readonly undone: ServiceRecord }
  readonly emit: (event: RolloutEvent) => void
}

/** The step that knows how to carry out this data. */
export function stepFor(steps: Steps, data: StepData): Step {
  return steps[data.kind]
}
