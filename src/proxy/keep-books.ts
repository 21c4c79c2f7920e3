import { join } from 'node:path'
import { ACCESS_FILE, keepSmall } from './access/keep-small.ts'
import type { Log } from './proxy-log.ts'
import { keepSight, SIGHT_FILE } from './sight/sight-file.ts'
import type { SightSum } from './sight/sight-sum.ts'
import type { Keeping } from './kept-file.ts'
import { keepTally, TALLY_FILE, type TallySource } from './tally-file.ts'

export interface Books {
  readonly tallies: TallySource
  readonly sights: SightSum
  readonly log: Log
}

/** Keeps what the proxy counts on the disk, so that it outlives a proxy that is killed. */
export function keepBooks(directory: string, { tallies, sights, log }: Books): readonly Keeping[] {
  return [
    keepTally(join(directory, TALLY_FILE), tallies, log),
    keepSight(join(directory, SIGHT_FILE), sights, log),
    keepSmall(join(directory, ACCESS_FILE), log),
  ]
}
