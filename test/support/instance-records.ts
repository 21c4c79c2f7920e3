import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** What is written down about instances, file by file, in order. While a record is there, its port is taken. */
export async function instanceRecords(stateDirectory: string): Promise<readonly string[]> {
  try {
    return (await readdir(join(stateDirectory, 'instances'))).toSorted()
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return []
    throw error
  }
}
