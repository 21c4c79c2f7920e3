import { constants } from 'node:fs'
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readlink,
  realpath,
  symlink,
  utimes,
} from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Abortable } from '../../../core/clock.ts'
import { inParallel } from './in-parallel.ts'
import { walkTree, type TreeEntry } from './walk-tree.ts'

export interface Copying {
  readonly from: string
  /** Must not exist yet. */
  readonly to: string
  /** A real path that is left out, wherever it lies below `from`: the state must not be copied into itself. */
  readonly without: string
}

/**
 * Copies a directory with its modes and times, sharing the blocks where the file system can. Symbolic links stay what they
 * are, also those that lead out. Left out are `.git` and what cannot be copied: sockets, pipes, devices.
 * Rejects with the system's error or the signal's reason; what was copied by then stays.
 */
export async function copyTree(copying: Copying, options: Abortable = {}): Promise<void> {
  const { to, without } = copying
  const from = await realpath(copying.from)
  const entries = await walkTree(
    from,
    (path) => basename(path) !== '.git' && join(from, path) !== without,
  )
  const directories = ['', ...pathsOf(entries, 'directory')]
  // Writable for now, whatever they will be in the end: their files must get in.
  for (const path of directories) await mkdir(join(to, path), { mode: 0o700 })
  for (const path of pathsOf(entries, 'link'))
    await symlink(await readlink(join(from, path)), join(to, path))
  const files = pathsOf(entries, 'file')
  await inParallel(files, (path) => copyOne(join(from, path), join(to, path)), options)
  await inParallel(directories, async (path) => {
    await chmod(join(to, path), (await lstat(join(from, path))).mode | 0o700)
  })
}

function pathsOf(entries: readonly TreeEntry[], kind: TreeEntry['kind']): string[] {
  return entries.filter((entry) => entry.kind === kind).map((entry) => entry.path)
}

async function copyOne(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  const { atime, mtime } = await lstat(from)
  // A server that makes its ETags from these goes on giving the same ones.
  await utimes(to, atime, mtime)
}
