import { chmod, lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { exists } from './state-paths.ts'

/** Takes the right to write from everything in a directory and from itself. Links are left alone. */
export async function seal(directory: string): Promise<void> {
  await eachDirectory(directory, async (path) => {
    for (const entry of await readdir(path, { withFileTypes: true })) {
      if (entry.isFile()) await withoutWriting(join(path, entry.name))
    }
    await withoutWriting(path)
  })
}

/** Removes a directory although it is sealed. One that is gone already is no error. */
export async function removeSealed(directory: string): Promise<void> {
  if (!(await exists(directory))) return
  await eachDirectory(directory, (path) => chmod(path, 0o700))
  await rm(directory, { recursive: true, force: true })
}

/** Visits a directory before those in it. */
async function eachDirectory(
  directory: string,
  visit: (path: string) => Promise<void>,
): Promise<void> {
  await visit(directory)
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) await eachDirectory(join(directory, entry.name), visit)
  }
}

async function withoutWriting(path: string): Promise<void> {
  await chmod(path, (await lstat(path)).mode & 0o555)
}
