import { chmod, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Removes a directory although it, or what is in it, is read-only. One that is gone already is no error. */
export async function removeSealed(directory: string): Promise<void> {
  if (!(await isThere(directory))) return
  await unseal(directory)
  await rm(directory, { recursive: true, force: true })
}

/** Each directory before those in it: without its own rights it does not show them. */
async function unseal(directory: string): Promise<void> {
  const { uid, mode } = await stat(directory)
  // What belongs to another user is left as it is; the removal tells when that stands in its way.
  if (uid === process.getuid?.() && (mode & 0o700) !== 0o700) await chmod(directory, 0o700)
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) await unseal(join(directory, entry.name))
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return false
    throw error
  }
}
