import type { JournalEntry } from './journal.ts'
import type { ProblemJson } from './problem.ts'

/** Where a rollout stands, by its journal alone: what a crash cannot take away. */
export type Position =
  | {
      readonly phase: 'doing'
      readonly step: number
      readonly begun: boolean
      readonly paused?: string
    }
  /** `step` is the next one to undo; below 0 none is left. */
  | { readonly phase: 'undoing'; readonly step: number; readonly because: ProblemJson }

export function positionOf(entries: readonly JournalEntry[]): Position {
  let position: Position = { phase: 'doing', step: 0, begun: false }
  for (const entry of entries) position = after(position, entry)
  return position
}

function after(position: Position, entry: JournalEntry): Position {
  switch (entry.mark) {
    case 'begun':
      return { phase: 'doing', step: entry.step, begun: true }
    case 'done':
      return { phase: 'doing', step: entry.step + 1, begun: false }
    case 'turned':
      return { phase: 'undoing', step: entry.step, because: entry.because }
    case 'paused':
      // Between two steps by a person; within one that was begun by a gate that has no answer.
      return { phase: 'doing', step: entry.step, begun: isWithin(position), paused: entry.reason }
    case 'resumed':
      return { phase: 'doing', step: entry.step, begun: false }
    case 'undo-begun':
      return { ...position, step: entry.step }
    case 'undone':
      return { ...position, step: entry.step - 1 }
  }
}

function isWithin(position: Position): boolean {
  return position.phase === 'doing' && position.begun
}
