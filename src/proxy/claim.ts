import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { onlyMine } from '../lib/only-mine.ts'

/** The right to be the only process that does something with a directory. */
export interface Claim {
  release(): void
  /** Claims it again after a release; false when another process has it now. */
  retake(): boolean
}

const SQLITE_BUSY = 5

/**
 * Claims a directory for this process; `undefined` when another one has it. The claim is a lock of the operating
 * system on a file (taken through SQLite, since Node has no call for it): it ends with the process however that ends,
 * so none is ever stale, which a pid file cannot promise.
 */
export function claimDirectory(directory: string): Claim | undefined {
  let lock = lockOf(directory)
  if (!lock) return undefined
  return {
    release: () => {
      lock?.close()
      lock = undefined
    },
    retake: () => (lock ??= lockOf(directory)) !== undefined,
  }
}

function lockOf(directory: string): DatabaseSync | undefined {
  const path = join(directory, 'claim.db')
  onlyMine(path)
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database.close()
    if ((error as { errcode?: unknown }).errcode === SQLITE_BUSY) return undefined
    throw error
  }
}
