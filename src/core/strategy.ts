import type { ReleaseId } from './names.ts'
import type { Plan } from './plan.ts'
import type { Release } from './release.ts'
import type { RolloutSpec } from './rollout-spec.ts'

/** What runs now, as the strategy needs to know it. */
export interface Now {
  /** Unset before the first release. */
  readonly live?: Running
  /** Everything else: a release kept warm, or what a rollout that got stuck left behind. */
  readonly others: readonly Running[]
}

export interface Running {
  readonly release: ReleaseId
  readonly slots: readonly number[]
  /** Of these, those that could take traffic at once: they run, and the router watches them. Unset: nobody looked. */
  readonly serving?: readonly number[]
}

/** A pure function from *now* and *next* to a plan. It never acts. */
export type Strategy<Spec extends RolloutSpec = RolloutSpec> = (
  now: Now,
  next: Release,
  spec: Spec,
) => Plan
