import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Snapshot } from '../core/route.ts'
import { entryIn, type RouteChange, type Seam } from './journal-line.ts'
import { type Base, corrupt, readBase, SNAPSHOT_FILE } from './snapshot-file.ts'
import { JOURNAL_FILE } from './snapshot-journal.ts'

/**
 * The snapshot of the last time; an empty one when there was none. A last change that was cut short in the writing was
 * answered to nobody and is left out. Rejects with `snapshot-corrupt` when anything else is not whole.
 */
export async function readSnapshot(directory: string): Promise<Snapshot> {
  const base = await readBase(join(directory, SNAPSHOT_FILE))
  const routes = new Map(base.snapshot.routes.map((route) => [route.service, route]))
  let { version } = base.snapshot
  const path = join(directory, JOURNAL_FILE)
  for (const change of changesSince(base, path, await textOf(path))) {
    if (change.version !== version + 1) throw corrupt(path, `change ${version + 1} is missing`)
    version = change.version
    if (change.route) routes.set(change.service, change.route)
    else routes.delete(change.service)
  }
  return { version, routes: [...routes.values()] }
}

/** The changes that are not in this whole file. Throws when it is another one than the journal goes on from, and lacks some. */
function changesSince(
  { snapshot, checksum }: Base,
  path: string,
  text: string,
): readonly RouteChange[] {
  const [header = '', ...lines] = text.split('\n')
  if (header === '') return []
  const entries = entriesIn(path, lines)
  const changes = entries.filter((entry) => 'service' in entry)
  if (baseIn(path, header) === checksum) return changes
  const seam = entries.find((entry): entry is Seam => 'base' in entry && entry.base === checksum)
  if (seam) return changes.filter((change) => change.version > seam.version)
  // Whoever moved the whole file away, as it was told, begins anew.
  if (snapshot.version === 0) return []
  // Else the journal is of an older whole file, and all of it must be in this one, which is written first.
  const lost = changes.find((change) => change.version > snapshot.version)
  if (lost) throw corrupt(path, `it goes on from another whole file, with change ${lost.version}`)
  return []
}

function entriesIn(path: string, lines: readonly string[]): (RouteChange | Seam)[] {
  const entries: (RouteChange | Seam)[] = []
  for (const [at, line] of lines.entries()) {
    const entry = entryIn(line)
    if (entry) entries.push(entry)
    else if (lines.slice(at + 1).some(entryIn)) throw corrupt(path, `line ${at + 2} is not whole`)
  }
  return entries
}

function baseIn(path: string, header: string): unknown {
  try {
    return (JSON.parse(header) as { readonly base?: unknown }).base
  } catch (error) {
    throw corrupt(path, 'its first line is not JSON', error)
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return ''
    throw error
  }
}
