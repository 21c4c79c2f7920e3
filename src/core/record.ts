import type { JudgeTerms, Look, Opinion } from './judge.ts'
import type { ServiceName } from './names.ts'
import type { RolloutId } from './rollout.ts'

/** What was decided during a rollout and on which numbers, beyond what the journal must know to go on. */
export type RecordEntry =
  /**
   * A judge begins, with nothing seen; or, when a controller goes on with what another one left, after it was shown so many
   * looks of before.
   */
  | { readonly kind: 'judging'; readonly terms: JudgeTerms; readonly shown?: number }
  /** What that judge was shown, in order. */
  | { readonly kind: 'looks'; readonly looks: readonly Look[] }
  /** What it said, whenever it said something else than before, and at the end. */
  | { readonly kind: 'judged'; readonly opinion: Opinion }
  /** What a person asked of the rollout while it ran. */
  | {
      readonly kind: 'asked'
      readonly verb: 'promote' | 'pause' | 'resume' | 'abort'
      readonly by?: string
      readonly reason?: string
    }
  /** From here on something is missing: the rollout's share of the disk was used up. */
  | { readonly kind: 'full'; readonly what: 'looks' | 'everything' }

export type RecordedEntry = RecordEntry & { readonly seq: number; readonly atMs: number }

/**
 * The record of each rollout, for people and for the judge to judge again. A rollout does not depend on it: whoever adds to it
 * logs a failure and goes on. A controller that was overtaken cannot write: `lease-lost`.
 */
export interface Records {
  /** Resolves when the entry is on the disk, with its time. What a rollout may have at most is kept; then `full` says so. */
  add(rollout: RolloutId, entry: RecordEntry): Promise<void>
  /** In order; an unknown rollout has none. */
  read(rollout: RolloutId): Promise<readonly RecordedEntry[]>
  /** The same, some at a time: all of a rollout of hours need not fit into the memory. */
  pages(rollout: RolloutId): AsyncIterable<readonly RecordedEntry[]>
  /** Forgets the looks of all but the newest rollouts of a service. */
  prune(service: ServiceName): Promise<void>
}
