import type { JournalMark } from '../core/journal.ts'
import { Problem } from '../core/problem.ts'
import type { Work } from './work.ts'

const AGAIN_MS = 1_000

/** What may pass by itself or by a person's doing; a journal that is damaged or another's is not waited for. */
const PASSING = ['disk-full', 'state-unreadable', 'state-in-use']

/** Writes to the journal; nothing is done before this resolves. Rejects when another controller has taken over. */
export async function mark(work: Work, entry: JournalMark): Promise<void> {
  await whenThereIsRoom(work, entry.step, async () => work.journal.append(work.rollout.id, entry))
}

/**
 * A full disk is waited out, aloud: traffic flows on, and the rollout goes on by itself when there is room again.
 */
export async function whenThereIsRoom(
  work: Work,
  step: number,
  write: () => Promise<void>,
): Promise<void> {
  for (;;) {
    try {
      await write()
      return
    } catch (error) {
      if (!isPassing(error)) throw error
      work.emit({ event: 'progress', step, note: `${error.message}; it is tried again` })
      await work.world.clock.sleep(AGAIN_MS, { signal: work.controls.halted })
    }
  }
}

/** The state cannot be written now, and may be in a moment. */
export function isPassing(error: unknown): error is Problem {
  return error instanceof Problem && PASSING.includes(error.code)
}
