import type { Doubt } from './doubt.ts'
import type { ReleaseId, ServiceName } from './names.ts'
import type { ProblemJson } from './problem.ts'
import type { Outcome, RolloutId } from './rollout.ts'

export type GroupId = number

/** One service of a group, and the release that the group brings it to. */
export interface GroupMember {
  readonly service: ServiceName
  readonly release: ReleaseId
  /** What was doubtful about it before anything began. */
  readonly doubts?: readonly Doubt[]
}

/** Several services as one rollout: one after the other, all or nothing, undone in reverse. */
export interface Group {
  readonly id: GroupId
  readonly name: string
  /** In the order in which they roll out. */
  readonly members: readonly GroupMember[]
  /** Who asked, as far as it was told. */
  readonly by?: string
  readonly state: GroupState
  readonly startedAtMs: number
  readonly endedAtMs?: number
}

/** `member` counts from 0: the one that rolls out, or is taken back; below 0 all are back. */
export type GroupState =
  | { readonly phase: 'running'; readonly member: number }
  | { readonly phase: 'undoing'; readonly member: number; readonly because: ProblemJson }
  | { readonly phase: 'finished'; readonly outcome: Outcome; readonly because?: ProblemJson }

/** What is written before and after each member. What became of its rollouts stands in their own journals. */
export type GroupMark =
  | { readonly mark: 'begun'; readonly member: number }
  | { readonly mark: 'promoted'; readonly member: number; readonly rollout: RolloutId }
  | { readonly mark: 'turned'; readonly member: number; readonly because: ProblemJson }
  | { readonly mark: 'return-begun'; readonly member: number }
  | {
      readonly mark: 'returned'
      readonly member: number
      /** The release that serves again; unset for one that was the service's first and so stays. */
      readonly to?: ReleaseId
    }

/** What happens in a group, as it happens, for whoever watches. */
export type GroupEvent =
  | { readonly event: 'planned'; readonly group: Group }
  | ({ readonly event: 'member'; readonly service: ServiceName } & GroupMark)
  | { readonly event: 'finished'; readonly group: Group }

/** The durable record of groups. A controller that was overtaken cannot write: `lease-lost`. */
export interface Groups {
  /** Rejects with `group-running` when one of the services is in a group that has not ended. */
  open(name: string, members: readonly GroupMember[], by?: string): Promise<Group>
  append(id: GroupId, mark: GroupMark): Promise<void>
  marks(id: GroupId): Promise<readonly GroupMark[]>
  close(id: GroupId, outcome: Outcome, because?: ProblemJson): Promise<void>
  read(id: GroupId): Promise<Group | undefined>
  /** Newest first. */
  list(options?: { readonly limit?: number }): Promise<readonly Group[]>
  /** Those that were begun and not ended. */
  unfinished(): Promise<readonly Group[]>
}

/** Where a group stands, by its marks alone: what a crash cannot take away. */
export function placeOf(marks: readonly GroupMark[]): Exclude<GroupState, { phase: 'finished' }> {
  let place: ReturnType<typeof placeOf> = { phase: 'running', member: 0 }
  for (const each of marks) {
    if (each.mark === 'promoted') place = { phase: 'running', member: each.member + 1 }
    if (each.mark === 'turned') {
      place = { phase: 'undoing', member: each.member, because: each.because }
    }
    if (each.mark === 'returned') place = { ...place, member: each.member - 1 }
  }
  return place
}
