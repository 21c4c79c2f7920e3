import type { JournalEntry } from './journal.ts'
import type { Opinion } from './judge.ts'
import type { RecordedEntry } from './record.ts'
import type { Rollout } from './rollout.ts'

/** All that is known of how a rollout came to its end, for a person who asks why. */
export interface Account {
  readonly rollout: Rollout
  /** What each step of the plan does, in words. */
  readonly steps: readonly string[]
  readonly journal: readonly JournalEntry[]
  /** Without the looks, which nobody reads. */
  readonly record: readonly Exclude<RecordedEntry, { kind: 'looks' }>[]
}

/** What the judge says when it is shown once more what it was shown during a rollout. */
export interface Replay {
  readonly looks: number
  /** Some looks were not kept, so that it may well say something else. */
  readonly isWhole: boolean
  /** What it said during the rollout; unset where it said nothing before the rollout ended. */
  readonly before?: Opinion
  readonly now: Opinion
  /** The same verdict, for the same reason. */
  readonly isSame: boolean
}
