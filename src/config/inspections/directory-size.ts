import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { formatSize } from '../size.ts'
import { fine, type Inspection } from './finding.ts'

const MANY_BYTES = 2 ** 30
const MANY_FILES = 100_000

/** Each release is a copy of the directory, so what lies in it costs time and disk at every deploy. */
export const inspectDirectorySize: Inspection = async (spec) => {
  const size = await sizeOf(spec.directory)
  const isMany = size.bytes > MANY_BYTES || size.files > MANY_FILES
  const what = `the directory holds ${isMany ? 'more than ' : ''}${size.files} files, ${roughly(size.bytes)}`
  const why = 'each release is a copy of it'
  if (!isMany) return [fine('directory-size', what, why)]
  return [
    {
      code: 'directory-large',
      level: 'warning',
      what,
      why: `${why}, so a deploy takes long and fills the disk`,
      hint: 'Move data out of it, or let directory name only what runs: directory: ./dist',
    },
  ]
}

interface Size {
  readonly files: number
  readonly bytes: number
}

/** Stops counting when it is known to be much. `.git` is not copied. */
async function sizeOf(directory: string): Promise<Size> {
  const open = [directory]
  let [files, bytes] = [0, 0]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const entry of await readdir(at, { withFileTypes: true })) {
      const path = join(at, entry.name)
      if (entry.isDirectory() && entry.name !== '.git') open.push(path)
      if (!entry.isFile()) continue
      files += 1
      bytes += (await lstat(path)).size
    }
    if (bytes > MANY_BYTES || files > MANY_FILES) break
  }
  return { files, bytes }
}

/** One unit, no fraction. */
function roughly(bytes: number): string {
  const unit = [2 ** 30, 2 ** 20, 2 ** 10].find((size) => bytes >= size) ?? 1
  return formatSize(Math.floor(bytes / unit) * unit)
}
