import type { ReleaseId, ServiceName } from './names.ts'
import type { Release } from './release.ts'
import type { Baseline, Ledger, Outcome, Rollout, RolloutId } from './rollout.ts'
import type { Plan } from './plan.ts'
import type { ProblemJson } from './problem.ts'
import type { ServiceSpec } from './service.ts'

/** The right of one controller to write and to act. The next one takes it, and no older one has it from then on. */
export interface Lease {
  /** Throws `lease-lost` when a newer controller has taken over. */
  check(): void
}

/** What is meant to be, between rollouts. */
export interface ServiceRecord {
  readonly spec: ServiceSpec
  readonly live?: ReleaseId
  readonly warm?: { readonly release: ReleaseId; readonly untilMs: number }
}

export interface Services {
  read(service: ServiceName): Promise<ServiceRecord | undefined>
  write(service: ServiceName, record: ServiceRecord): Promise<void>
  list(): Promise<readonly ServiceRecord[]>
}

export interface Releases {
  add(release: Release): Promise<void>
  read(service: ServiceName, id: ReleaseId): Promise<Release | undefined>
  /** Oldest first. */
  list(service: ServiceName): Promise<readonly Release[]>
  remove(service: ServiceName, id: ReleaseId): Promise<void>
}

export interface Ending {
  readonly outcome: Outcome
  readonly because?: ProblemJson
  readonly ledger?: Ledger
}

export interface Rollouts {
  /** Opens the one rollout a service may have. Rejects with `rollout-running` when there is one. */
  open(plan: Plan, kind: Rollout['kind'], baseline: Baseline, by?: string): Promise<Rollout>
  /** Closes it and writes what is meant to be from now on, in one transaction. */
  close(id: RolloutId, ending: Ending, record: ServiceRecord): Promise<void>
  /** Newest first; the state is what the journal says. */
  list(service: ServiceName, options?: { readonly limit?: number }): Promise<readonly Rollout[]>
  read(id: RolloutId): Promise<Rollout | undefined>
  /** The services with a rollout that was begun and not ended. */
  unfinished(): Promise<readonly ServiceName[]>
}
