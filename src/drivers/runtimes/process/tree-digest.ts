import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Abortable } from '../../../core/clock.ts'
import { inParallel } from './in-parallel.ts'
import { walkTree, type TreeEntry } from './walk-tree.ts'

/** Read at once; what is larger is streamed. */
const SMALL = 1024 * 1024

/**
 * SHA-256, in hex, over everything in a directory: for each entry, sorted by path, its path, kind, mode and content.
 * Times and owners do not count, so two equal releases have the same digest. Rejects with the signal's reason.
 */
export async function treeDigest(directory: string, options: Abortable = {}): Promise<string> {
  const entries = (await walkTree(directory)).toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const heads = await inParallel(entries, (entry) => headOf(directory, entry), options)
  return createHash('sha256').update(heads.join('\n')).digest('hex')
}

/** One line that no other entry can have: JSON closes what a name may hold, the content stands in it as a digest. */
async function headOf(directory: string, { path, kind }: TreeEntry): Promise<string> {
  const full = join(directory, path)
  const { mode, size } = await lstat(full)
  const content =
    kind === 'link' ? await readlink(full) : kind === 'file' && (await fileDigest(full, size))
  return JSON.stringify([path, kind, mode & 0o777, content])
}

async function fileDigest(path: string, size: number): Promise<string> {
  const hash = createHash('sha256')
  if (size <= SMALL) return hash.update(await readFile(path)).digest('hex')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
