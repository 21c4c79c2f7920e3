import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'

export interface SourceText {
  /** Relative to the directory that was searched. */
  readonly path: string
  readonly text: string
}

const ENDINGS = /\.(?:[cm]?[jt]s|[jt]sx|py|rb|go|php|java|kt|rs|ex|exs|cs)$/
const SKIPPED = new Set([
  'node_modules',
  'dist',
  'build',
  'vendor',
  'venv',
  'test',
  'tests',
  '__pycache__',
])
const DEEPEST = 3
const MOST_FILES = 200
const MOST_BYTES = 256 * 1024

/** The app's own source files near the top of a directory: enough to guess from, never a walk through everything. */
export async function readSources(directory: string): Promise<readonly SourceText[]> {
  const paths = await pathsIn(directory, DEEPEST)
  const sources: SourceText[] = []
  for (const path of paths.slice(0, MOST_FILES)) {
    if ((await stat(path)).size > MOST_BYTES) continue
    sources.push({ path: relative(directory, path), text: await readFile(path, 'utf8') })
  }
  return sources
}

async function pathsIn(directory: string, depth: number): Promise<string[]> {
  const entries = (await readdir(directory, { withFileTypes: true })).toSorted((a, b) =>
    a.name.localeCompare(b.name),
  )
  const files = entries.filter((entry) => entry.isFile() && isSource(entry.name))
  const paths = files.map((entry) => join(directory, entry.name))
  if (depth <= 1) return paths
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name.startsWith('.') || SKIPPED.has(entry.name)) continue
    if (paths.length >= MOST_FILES) break
    paths.push(...(await pathsIn(join(directory, entry.name), depth - 1)))
  }
  return paths
}

function isSource(name: string): boolean {
  return ENDINGS.test(name) && !/\.(?:test|spec|d)\.[^.]+$/.test(name)
}
