import type { Clock } from '../core/clock.ts'
import type { Journal, JournalEntry, JournalMark } from '../core/journal.ts'
import { newerJournal } from '../core/newer-journal.ts'
import type { WriteLease } from './lease.ts'
import type { Row, Statements } from './statement.ts'

export function journal(statements: Statements, lease: WriteLease, clock: Clock): Journal {
  return {
    append: async (rollout, mark) => {
      lease.atomically(() => {
        statements.run(
          `insert into journal select ?, coalesce(max(seq), 0) + 1, ?, ?, ? from journal where rollout = ?`,
          rollout,
          clock.now(),
          lease.fence,
          JSON.stringify(mark),
          rollout,
        )
      })
    },
    read: async (rollout) => entriesOf(statements, rollout),
  }
}

export function entriesOf(statements: Statements, rollout: number): readonly JournalEntry[] {
  return statements
    .all('select * from journal where rollout = ? order by seq', rollout)
    .map(entryIn)
}

/** Each mark there is, so that a forgotten one is a type error. */
const KNOWN: Readonly<Record<JournalMark['mark'], true>> = {
  begun: true,
  done: true,
  turned: true,
  'undo-begun': true,
  undone: true,
  paused: true,
  resumed: true,
}

function entryIn(row: Row): JournalEntry {
  const mark = JSON.parse(String(row['mark'])) as JournalMark
  if (!Object.hasOwn(KNOWN, mark.mark))
    throw newerJournal(Number(row['rollout']), `mark "${mark.mark}"`)
  return { ...mark, seq: Number(row['seq']), atMs: Number(row['at']) }
}
