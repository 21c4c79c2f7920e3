import { readFile } from 'node:fs/promises'
import { writeWhole } from '../../lib/write-whole.ts'
import type { Log } from '../proxy-log.ts'
import type { Keeping } from '../tally-file.ts'
import type { SightDelta } from './sight-delta.ts'
import type { SightSum } from './sight-sum.ts'

export const SIGHT_FILE = 'sight.json'

const KEEP_EVERY_MS = 1_000

/** What was seen before this proxy began. A file that cannot be read costs what was seen and nothing else. */
export async function readSight(path: string, log: Log): Promise<SightDelta> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as SightDelta
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') {
      log('sight begins anew', { why: String(error) })
    }
    return {}
  }
}

/** Writes the sum to `path` whenever it has changed. */
export function keepSight(path: string, sum: SightSum, log: Log): Keeping {
  let kept = 0
  const keep = async (): Promise<void> => {
    if (sum.version === kept) return
    kept = sum.version
    await writeWhole(path, JSON.stringify(sum.whole())).catch((error: unknown) => {
      kept = -1
      log('sight not written', { why: String(error) })
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
