import { stat } from 'node:fs/promises'
import type { CertificateFiles } from '../../core/entry.ts'

/** Differs whenever one of these files was written or replaced. A file that is not there is a mark too. */
export async function fileMark(files: readonly CertificateFiles[]): Promise<string> {
  const paths = files.flatMap(({ cert, key }) => [cert, key])
  return (await Promise.all(paths.map(markOf))).join(' ')
}

async function markOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path)
    return `${mtimeMs}:${size}:${ino}`
  } catch (error) {
    return String((error as { code?: unknown }).code)
  }
}
