import { stat } from 'node:fs/promises'
import { faultsProblem } from './fault.ts'
import { positionOf, writtenAt } from './position.ts'
import type { Source } from './source.ts'

/**
 * The directory that releases are copied from, when it is one. Throws `directory-missing`, which shows it as the file does:
 * its path may hold a variable's value.
 */
export async function releaseDirectory(source: Source, path: string): Promise<string> {
  const refusal = await refusalOf(path)
  if (refusal === undefined) return path
  throw faultsProblem('directory-missing', source.name, [
    {
      ...positionOf(source, ['directory']),
      key: 'directory',
      message: `directory ${writtenAt(source, ['directory']) ?? '.'} ${refusal}`,
      hint: 'Give a directory relative to the file; . is the one the file is in.',
    },
  ])
}

async function refusalOf(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isDirectory() ? undefined : 'is not a directory'
  } catch (error) {
    const code = String((error as { code?: unknown }).code)
    return code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`
  }
}
