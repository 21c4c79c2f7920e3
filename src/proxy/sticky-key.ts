import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWhole } from '../lib/write-whole.ts'
import type { Log } from './proxy-log.ts'

export const STICKY_KEY_FILE = 'sticky.key'

const KEY_BYTES = 32

/**
 * The key that signs sticky cookies: made once and kept beside the snapshot, so that users are known again by whatever
 * proxy comes next. For the proxy's own user only (mode 0600). One that is damaged is replaced, and the log says so:
 * the users get new cookies. Rejects with the system's error when it can be neither read nor written.
 */
export async function stickyKey(directory: string, log: Log): Promise<Buffer> {
  const path = join(directory, STICKY_KEY_FILE)
  const kept = await textIn(path)
  const key = Buffer.from(kept ?? '', 'base64')
  if (key.length === KEY_BYTES) return key
  if (kept !== undefined) log('sticky key was damaged', { path, now: 'users get new cookies' })
  const made = randomBytes(KEY_BYTES)
  await writeWhole(path, `${made.toString('base64')}\n`, 0o600)
  return made
}

async function textIn(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined
    throw error
  }
}
