import type { ProblemJson } from './problem.ts'
import type { RolloutId } from './rollout.ts'

/** What the engine writes before acting and after acting, and what a person asked for in between. */
export type JournalMark =
  | { readonly mark: 'begun'; readonly step: number }
  | { readonly mark: 'done'; readonly step: number; readonly note?: string }
  | { readonly mark: 'turned'; readonly step: number; readonly because: ProblemJson }
  | { readonly mark: 'undo-begun'; readonly step: number }
  | { readonly mark: 'undone'; readonly step: number }
  | { readonly mark: 'paused'; readonly step: number; readonly reason: string }
  | { readonly mark: 'resumed'; readonly step: number }

export type JournalEntry = JournalMark & { readonly seq: number; readonly atMs: number }

/** The durable record of what was begun and what was finished. It only grows. */
export interface Journal {
  /**
   * Resolves when the mark is on the disk. Rejects with `lease-lost` when a newer controller has taken over,
   * with `disk-full` when there is no room; then nothing may be done.
   */
  append(rollout: RolloutId, mark: JournalMark): Promise<void>
  read(rollout: RolloutId): Promise<readonly JournalEntry[]>
}
