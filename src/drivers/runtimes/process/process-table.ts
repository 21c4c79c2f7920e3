import type { Clock } from '../../../core/clock.ts'
import type { ProcessIdentity } from '../../../lib/process-identity.ts'
import { type ProcessEntry, processes } from './proc.ts'

/** The processes of a machine as somebody has just read them. */
export interface ProcessTable {
  /** At most `FRESH_MS` old, and never from before this process began. */
  with(process: ProcessIdentity): readonly ProcessEntry[]
}

/** Reading thousands of processes takes tens of milliseconds: whoever measures twenty instances reads them once. */
const FRESH_MS = 50

export function processTable(
  clock: Pick<Clock, 'steadyNow'>,
  readAll: () => readonly ProcessEntry[] = processes,
): ProcessTable {
  let entries: readonly ProcessEntry[] = []
  let readAtMs = -Infinity
  return {
    with: ({ pid, started }) => {
      const has = () => entries.some((entry) => entry.pid === pid && entry.started === started)
      if (clock.steadyNow() - readAtMs > FRESH_MS || !has()) {
        entries = readAll()
        readAtMs = clock.steadyNow()
      }
      return entries
    },
  }
}
