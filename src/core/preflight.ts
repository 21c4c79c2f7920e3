import type { Abortable } from './clock.ts'
import type { Doubt } from './doubt.ts'
import type { ServiceName } from './names.ts'
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

type Level = Doubt['level']

/** What a release takes of this machine, beyond what is taken before its rollout; only what its file has looked at. */
export interface Demand {
  readonly service: ServiceName
  /** Of one instance; how many run more at the most during the rollout, and how many after it. */
  readonly memory?: {
    readonly level: Level
    readonly eachBytes: number
    readonly most: number
    readonly after: number
  }
  /** Of one more copy. */
  readonly disk?: { readonly level: Level; readonly bytes: number }
}

/** What was found out about a release. */
export interface Findings {
  readonly doubts: readonly Doubt[]
  readonly demand: Demand
}

/** Looks at a release before it is rolled out. */
export interface Preflight {
  /**
   * Resolves with what it takes, and every doubt of the levels that the service's file sets; a file that sets none is not looked at. May start
   * one instance of the release that no user ever reaches; nothing of it is left when this resolves or rejects. Rejects
   * with the signal's reason.
   */
  look(candidate: Candidate, options?: Abortable): Promise<Findings>
  /** Resolves with every doubt about rolling these out one after the other, where all stay: each may fit alone. */
  lookTogether(demands: readonly Demand[]): Promise<readonly Doubt[]>
  /** Ends what a controller left of its looking when it died. Repeating is safe. */
  sweep(): Promise<void>
}
