import type { Clock } from '../core/clock.ts'
import type { Journal, JournalEntry, JournalMark } from '../core/journal.ts'
import { newerJournal } from '../core/newer-journal.ts'
import { Problem } from '../core/problem.ts'
import type { Row, Statements } from './statement.ts'

/**
 * Takes the lease: from now on no older controller can write to the journal.
 * The fence is a fencing token: it only grows, and each mark carries the one it was written under.
 */
export function takeLease(statements: Statements): number {
  return statements.atomically(() => {
    statements.run('update lease set fence = fence + 1')
    return fenceOf(statements)
  })
}

export function journal(statements: Statements, fence: number, clock: Clock): Journal {
  return {
    append: async (rollout, mark) => {
      statements.atomically(() => {
        checkLease(statements, fence)
        statements.run(
          `insert into journal select ?, coalesce(max(seq), 0) + 1, ?, ?, ? from journal where rollout = ?`,
          rollout,
          clock.now(),
          fence,
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

/** Throws `lease-lost` when a newer controller has taken over; asked in the transaction that writes. */
export function checkLease(statements: Statements, fence: number): void {
  const current = fenceOf(statements)
  if (current !== fence) throw leaseLost(fence, current)
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

function fenceOf(statements: Statements): number {
  return Number(statements.all('select fence from lease')[0]?.['fence'])
}

function leaseLost(mine: number, current: number): Problem {
  return new Problem('lease-lost', {
    message: `another controller has taken over (its fence is ${current}, ours ${mine})`,
    hint: 'Nothing to do here: the other one goes on with the rollout. See `midflight status`.',
    data: { mine, current },
  })
}
