import { keepFile, type Keeping, readKept } from '../kept-file.ts'
import type { Log } from '../proxy-log.ts'
import type { SightDelta } from './sight-delta.ts'
import type { SightSum } from './sight-sum.ts'

export const SIGHT_FILE = 'sight.json'

const WHAT = 'sights'

/** What was seen before this proxy began. */
export async function readSight(path: string, log: Log): Promise<SightDelta> {
  return (await readKept<SightDelta>(path, WHAT, log)) ?? {}
}

/** Writes the sum to `path` whenever it has changed. */
export function keepSight(path: string, sum: SightSum, log: Log): Keeping {
  const kept = {
    what: WHAT,
    known: 0,
    version: () => sum.version,
    content: () => sum.whole(),
  }
  return keepFile(path, kept, log)
}
