import { readFile } from 'node:fs/promises'
import { writeWhole } from '../lib/write-whole.ts'
import type { Log } from './proxy-log.ts'

const KEEP_EVERY_MS = 1_000

/** Something that is written again and again. */
export interface Keeping {
  /** Writes no more. */
  stop(): Promise<void>
  /** Writes for the last time. */
  end(): Promise<void>
}

/** What is written, a number that grows whenever it changes, and the number that needs no writing. */
export interface Kept {
  readonly what: string
  readonly known: number
  version(): number
  content(): unknown
}

/** What an earlier proxy kept. A file that cannot be read costs what was in it and nothing else, so it stops nobody. */
export async function readKept<Content extends object>(
  path: string,
  what: string,
  log: Log,
): Promise<Content | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Content
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') {
      log(`${what} begin anew`, { why: String(error) })
    }
    return undefined
  }
}

/** Writes to `path` whenever something has changed, once a second at most. */
export function keepFile(path: string, kept: Kept, log: Log): Keeping {
  let written = kept.known
  const keep = async (): Promise<void> => {
    const version = kept.version()
    if (version === written) return
    written = version
    await writeWhole(path, JSON.stringify(kept.content())).catch((error: unknown) => {
      written = -1
      log(`${kept.what} not written`, { why: String(error) })
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
