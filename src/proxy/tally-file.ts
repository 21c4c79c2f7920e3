import { readFile } from 'node:fs/promises'
import { writeWhole } from '../lib/write-whole.ts'
import type { Tally } from './plane/data-plane-port.ts'
import type { Log } from './proxy-log.ts'
import { remainsOf } from './tally-sum.ts'

export const TALLY_FILE = 'tally.json'

const KEEP_EVERY_MS = 1_000

/**
 * What was seen before this proxy began. Counts only grow, also over a proxy that was killed: a gate that compares two
 * readings must not take a new beginning for a good release. At most the last second is missing. A file that cannot be
 * read costs the counts and nothing else, so it stops nobody.
 */
export async function readTally(path: string, log: Log): Promise<Tally> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Tally
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') {
      log('counts begin anew', { why: String(error) })
    }
    return {}
  }
}

/** What is kept: the tally, and a number that grows whenever it changes. */
export interface TallySource {
  readonly told: number
  tally(): Tally
}

/** Something that is written again and again. */
export interface Keeping {
  /** Writes no more. */
  stop(): Promise<void>
  /** Writes for the last time. */
  end(): Promise<void>
}

/** Writes the tally to `path` whenever it has changed. */
export function keepTally(path: string, source: TallySource, log: Log): Keeping {
  let kept = -1
  const keep = async (): Promise<void> => {
    const { told } = source
    if (told === kept) return
    kept = told
    await writeWhole(path, JSON.stringify(remainsOf(source.tally()))).catch((error: unknown) => {
      kept = -1
      log('counts not written', { why: String(error) })
    })
  }
  let last = Promise.resolve()
  const timer = setInterval(() => (last = last.then(keep)), KEEP_EVERY_MS)
  const stop = async (): Promise<void> => {
    clearInterval(timer)
    await last
  }
  return { stop, end: () => stop().then(keep) }
}
