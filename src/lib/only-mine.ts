import { closeSync, openSync } from 'node:fs'

/**
 * Makes an empty file that no other user may read, unless the file is there. SQLite makes files that all may read. One
 * that is there is not even opened: to close it again would drop the locks that this process has on it.
 */
export function onlyMine(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600))
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error
  }
}
