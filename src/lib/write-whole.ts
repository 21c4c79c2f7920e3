import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The text of a file, or its pieces one after the other: between two of them other work has its turn. */
export type Content = string | Iterable<string>

/** A new file, whole and on the disk, that waits beside the old one. */
export interface Prepared {
  /** The old file is gone and this one in its place, also after a crash. Rejects with the system's error. */
  replace(): Promise<void>
  /** The old file stays. */
  forget(): Promise<void>
}

/**
 * Replaces a file by a new one with this content, so that a crash or a full disk at any moment leaves
 * either the old file or the new one, never half of it: written beside it, synced, renamed, directory synced.
 * Rejects with the system's error (`ENOSPC`, `EACCES`, …), the old file untouched.
 */
export async function writeWhole(path: string, content: Content, mode = 0o600): Promise<void> {
  const prepared = await prepareWhole(path, content, `${path}.${process.pid}.new`, mode)
  await prepared.replace()
}

/** Writes the new file to `beside` and leaves the rest for later. Rejects with the system's error, nothing left behind. */
export async function prepareWhole(
  path: string,
  content: Content,
  beside: string,
  mode = 0o600,
): Promise<Prepared> {
  const forget = (): Promise<void> => rm(beside, { force: true })
  return await orForget(forget, async () => {
    await writeSynced(beside, content, mode)
    const replace = async (): Promise<void> => {
      await orForget(forget, () => rename(beside, path))
      await syncDirectory(dirname(path))
    }
    return { replace, forget }
  })
}

async function orForget<Result>(
  forget: () => Promise<void>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    await forget()
    throw error
  }
}

async function writeSynced(path: string, content: Content, mode: number): Promise<void> {
  const file = await open(path, 'w', mode)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
