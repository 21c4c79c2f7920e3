import { constants, type Dirent } from 'node:fs'
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readlink,
  realpath,
  symlink,
  utimes,
} from 'node:fs/promises'
import { join } from 'node:path'
import type { Abortable } from '../../../core/clock.ts'

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
  await copyDirectory({ ...copying, from: await realpath(copying.from) }, options)
}

async function copyDirectory(copying: Copying, options: Abortable): Promise<void> {
  const { from, to, without } = copying
  // Writable for now, whatever it will be in the end: its files must get in.
  await mkdir(to, { mode: 0o700 })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    options.signal?.throwIfAborted()
    const inner = { from: join(from, entry.name), to: join(to, entry.name), without }
    if (entry.name !== '.git' && inner.from !== without) await copyEntry(entry, inner, options)
  }
  await chmod(to, (await lstat(from)).mode | 0o700)
}

async function copyEntry(entry: Dirent, copying: Copying, options: Abortable): Promise<void> {
  const { from, to } = copying
  if (entry.isDirectory()) return copyDirectory(copying, options)
  if (entry.isSymbolicLink()) return symlink(await readlink(from), to)
  if (!entry.isFile()) return
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  const { atime, mtime } = await lstat(from)
  // A server that makes its ETags from these goes on giving the same ones.
  await utimes(to, atime, mtime)
}
