import type { Abortable } from './clock.ts'
import type { Doubt } from './doubt.ts'
import type { Plan } from './plan.ts'
import type { Release } from './release.ts'
import type { Traffic } from './traffic.ts'

/** A release before anything of it runs, and what is known of the place it would take. */
export interface Candidate {
  readonly release: Release
  readonly plan: Plan
  /** The one that serves, as far as it is still known. */
  readonly live?: Release
  readonly traffic?: Traffic
}

/** Looks at a release before it is rolled out. */
export interface Preflight {
  /**
   * Resolves with every doubt of the levels that the service's file sets; a file that sets none is not looked at. May start
   * one instance of the release that no user ever reaches; nothing of it is left when this resolves or rejects. Rejects
   * with the signal's reason.
   */
  look(candidate: Candidate, options?: Abortable): Promise<readonly Doubt[]>
  /** Ends what a controller left of its looking when it died. Repeating is safe. */
  sweep(): Promise<void>
}
