import { rename, rm } from 'node:fs/promises'

/**
 * Makes room for a new `path.1`: `path.1` becomes `path.2` and so on, and the oldest goes. `files` is how many there
 * may be, `path` itself among them. Rejects with the system's error.
 */
export async function shiftFiles(path: string, files: number): Promise<void> {
  // The oldest goes first: where the disk is full, that is the room the others need.
  await rm(`${path}.${files - 1}`, { force: true })
  for (let number = files - 2; number >= 1; number -= 1) {
    await renameIfThere(`${path}.${number}`, `${path}.${number + 1}`)
  }
}

/** False when there is no such file. */
export async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return false
    throw error
  }
}
