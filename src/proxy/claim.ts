import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** The right to be the only process that does something with a directory. */
export interface Claim {
  release(): void
}

const SQLITE_BUSY = 5

/**
 * Claims a directory for this process; `undefined` when another one has it. The claim is a lock of the operating
 * system on a file (taken through SQLite, since Node has no call for it): it ends with the process however that ends,
 * so none is ever stale, which a pid file cannot promise.
 */
export function claimDirectory(directory: string): Claim | undefined {
  const database = new DatabaseSync(join(directory, 'claim.db'), { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if ((error as { errcode?: unknown }).errcode === SQLITE_BUSY) return undefined
    throw error
  }
  return { release: () => database.close() }
}
