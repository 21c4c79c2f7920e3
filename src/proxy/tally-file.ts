import { keepFile, type Keeping, readKept } from './kept-file.ts'
import type { Tally } from './plane/data-plane-port.ts'
import type { Log } from './proxy-log.ts'
import { remainsOf } from './tally-sum.ts'

export const TALLY_FILE = 'tally.json'

const WHAT = 'counts'

/**
 * What was seen before this proxy began. Counts only grow, also over a proxy that was killed: a gate that compares two
 * readings must not take a new beginning for a good release. At most the last second is missing.
 */
export async function readTally(path: string, log: Log): Promise<Tally> {
  return (await readKept<Tally>(path, WHAT, log)) ?? {}
}

/** What is kept: the tally, and a number that grows whenever it changes. */
export interface TallySource {
  readonly told: number
  tally(): Tally
}

/** Writes the tally to `path` whenever it has changed. */
export function keepTally(path: string, source: TallySource, log: Log): Keeping {
  const kept = {
    what: WHAT,
    known: -1,
    version: () => source.told,
    content: () => remainsOf(source.tally()),
  }
  return keepFile(path, kept, log)
}
