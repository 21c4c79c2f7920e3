import { chmod, lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { inParallel } from './in-parallel.ts'
import { exists } from './state-paths.ts'
import { walkTree } from './walk-tree.ts'

/** Takes the right to write from everything in a directory and from itself. Links are left alone. */
export async function seal(directory: string): Promise<void> {
  const entries = (await walkTree(directory)).filter(({ kind }) => kind !== 'link')
  await inParallel(['', ...entries.map(({ path }) => path)], async (path) => {
    const { mode } = await lstat(join(directory, path))
    await chmod(join(directory, path), mode & 0o555)
  })
}

/** Removes a directory although it is sealed. One that is gone already is no error. */
export async function removeSealed(directory: string): Promise<void> {
  if (!(await exists(directory))) return
  await unseal(directory)
  await rm(directory, { recursive: true, force: true })
}

/** Each directory before those in it: without its own rights it does not show them. */
async function unseal(directory: string): Promise<void> {
  await chmod(directory, 0o700)
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) await unseal(join(directory, entry.name))
  }
}
