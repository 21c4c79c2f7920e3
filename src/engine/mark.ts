import type { JournalMark } from '../core/journal.ts'
import { Problem } from '../core/problem.ts'
import type { Work } from './work.ts'

const AGAIN_MS = 1_000

/** Writes to the journal; nothing is done before this resolves. Rejects when another controller has taken over. */
export async function mark(work: Work, entry: JournalMark): Promise<void> {
  await whenThereIsRoom(work, entry.step, async () => work.journal.append(work.rollout.id, entry))
}

/**
 * A full disk is waited out, aloud: traffic flows on, and the rollout goes on by itself when there is room.
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
      if (!(error instanceof Problem) || error.code !== 'disk-full') throw error
      work.emit({ event: 'progress', step, note: `${error.message}; waiting for room` })
      await work.world.clock.sleep(AGAIN_MS, { signal: work.controls.halted })
    }
  }
}
