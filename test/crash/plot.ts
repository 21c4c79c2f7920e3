import type { JournalMark } from '../../src/core/journal.ts'

/** A moment of a rollout: before or after an entry is on the disk. `open` and `close` of the rollout are entries too. */
export interface Moment {
  /** Which entry of its rollout, counted from 0. */
  readonly entry: number
  readonly when: 'before' | 'after'
}

/** What is to happen to the controller that is told so. */
export interface Plot {
  /** It ends its own process at this moment, or says that it is there and waits to be told to go on. */
  readonly at?: Moment & { readonly act: 'die' | 'tell' }
  /** It tells of every moment. */
  readonly each?: true
  /** It tells when it has begun this step, and waits. */
  readonly step?: number
}

/** What a controller says of itself. */
export type Told =
  | { readonly told: 'ready' }
  | ({ readonly told: 'moment'; readonly what: JournalMark['mark'] | 'open' | 'close' } & Moment)
  | { readonly told: 'step' }
