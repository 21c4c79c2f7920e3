import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { inMebibytes } from './in-mebibytes.ts'
import type { Look } from './worry.ts'

/** For the journal, and for what instances print. */
const SPARE_BYTES = 16 * 2 ** 20
const BLOCK_BYTES = 512

/** Whether the disk has room for one more copy of the release. */
export const lookAtDisk: Look = async ({ release, tools }, { signal }) => {
  const left = await tools.machine.diskBytes()
  const size = await sizeOf(release.directory, signal)
  if (left >= size + SPARE_BYTES) return []
  return [
    {
      what: `the disk has ${inMebibytes(left)} left, and a release takes ${inMebibytes(size)}`,
      why: 'each release is a copy, and without room for its journal Midflight stops where it stands until there is some',
      hint: 'Free some space where the state directory is, or let directory name only what runs: directory: ./dist',
    },
  ]
}

/** What its files take on the disk. */
async function sizeOf(directory: string, signal?: AbortSignal): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  let bytes = 0
  for (const entry of entries) {
    signal?.throwIfAborted()
    bytes += (await lstat(join(entry.parentPath, entry.name))).blocks * BLOCK_BYTES
  }
  return bytes
}
