import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from './detected-command.ts'
import { readSources } from './source-texts.ts'

/** Looks into a directory. Rejects with the system's error when it cannot be read. */
export async function openProject(directory: string): Promise<Project> {
  return {
    directory,
    sources: await readSources(directory),
    read: (name) => textOf(join(directory, name)),
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = (error as { code?: unknown }).code
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined
    throw error
  }
}
