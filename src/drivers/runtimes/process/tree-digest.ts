import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Abortable } from '../../../core/clock.ts'

/**
 * SHA-256, in hex, over everything in a directory: for each entry, sorted by path, its path, type, mode and content.
 * Times and owners do not count, so two equal releases have the same digest. Rejects with the signal's reason.
 */
export async function treeDigest(directory: string, options: Abortable = {}): Promise<string> {
  const hash = createHash('sha256')
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).toSorted()
  for (const path of paths) {
    options.signal?.throwIfAborted()
    await addEntry(hash, path, path.slice(directory.length + 1))
  }
  return hash.digest('hex')
}

async function addEntry(hash: Hash, path: string, name: string): Promise<void> {
  const stats = await lstat(path)
  // Lengths first, so that no content can pass for the entry after it.
  const head = (type: string, size: number) =>
    hash.update(`${JSON.stringify([type, stats.mode & 0o777, size, name])}\n`)
  if (stats.isSymbolicLink()) {
    head('link', 0).update(`${JSON.stringify(await readlink(path))}\n`)
  } else if (stats.isFile()) {
    head('file', stats.size)
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  } else {
    head('directory', 0)
  }
}
