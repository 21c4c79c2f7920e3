import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Replaces a file by a new one with this content, so that a crash or a full disk at any moment leaves
 * either the old file or the new one, never half of it: written beside it, synced, renamed, directory synced.
 * Rejects with the system's error (`ENOSPC`, `EACCES`, …), the old file untouched.
 */
export async function writeWhole(path: string, content: string, mode = 0o600): Promise<void> {
  const beside = `${path}.${process.pid}.new`
  try {
    const file = await open(beside, 'w', mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
  await syncDirectory(dirname(path))
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
