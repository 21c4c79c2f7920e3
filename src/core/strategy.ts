import type { ReleaseId } from './names.ts'
import type { Plan } from './plan.ts'
import type { Release } from './release.ts'
import type { RolloutSpec } from './rollout-spec.ts'

/** What serves now, as the strategy needs to know it. */
export interface Now {
  /** Unset before the first release. */
  readonly live?: { readonly release: ReleaseId; readonly slots: readonly number[] }
  /** A release kept warm by an earlier rollout. */
  readonly warm?: { readonly release: ReleaseId; readonly slots: readonly number[] }
}

/** A pure function from *now* and *next* to a plan. It never acts. */
export type Strategy<Spec extends RolloutSpec = RolloutSpec> = (
  now: Now,
  next: Release,
  spec: Spec,
) => Plan
