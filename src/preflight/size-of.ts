import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

const BLOCK_BYTES = 512

/** What the files of a directory take on the disk, in bytes. */
export async function sizeOf(directory: string, signal?: AbortSignal): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  let bytes = 0
  for (const entry of entries) {
    signal?.throwIfAborted()
    bytes += (await lstat(join(entry.parentPath, entry.name))).blocks * BLOCK_BYTES
  }
  return bytes
}
