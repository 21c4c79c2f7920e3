import { chmod, lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { inParallel } from './in-parallel.ts'
import { walkTree } from './walk-tree.ts'

/** Takes the right to write from everything in a directory and from itself. Links are left alone. */
export async function seal(directory: string): Promise<void> {
  const entries = (await walkTree(directory)).filter(({ kind }) => kind !== 'link')
  await inParallel(['', ...entries.map(({ path }) => path)], async (path) => {
    const { mode } = await lstat(join(directory, path))
    await chmod(join(directory, path), mode & 0o555)
  })
}
