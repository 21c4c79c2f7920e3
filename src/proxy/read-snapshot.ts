import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Snapshot } from '../core/route.ts'
import { entryIn, type RouteChange, type Seam } from './journal-line.ts'
import { corrupt, readBase, SNAPSHOT_FILE } from './snapshot-file.ts'
import { JOURNAL_FILE } from './snapshot-journal.ts'

/**
 * The snapshot of the last time; an empty one when there was none. A last change that was cut short in the writing was
 * answered to nobody and is left out. Rejects with `snapshot-corrupt` when anything else is not whole.
 */
export async function readSnapshot(directory: string): Promise<Snapshot> {
  const { snapshot, checksum } = await readBase(join(directory, SNAPSHOT_FILE))
  const routes = new Map(snapshot.routes.map((route) => [route.service, route]))
  let { version } = snapshot
  const path = join(directory, JOURNAL_FILE)
  for (const change of changesSince(path, await textOf(path), checksum)) {
    if (change.version !== version + 1) throw corrupt(path, `change ${version + 1} is missing`)
    version = change.version
    if (change.route) routes.set(change.service, change.route)
    else routes.delete(change.service)
  }
  return { version, routes: [...routes.values()] }
}

/** The changes that are not in the whole file of this checksum; none in the journal of another one. */
function changesSince(path: string, text: string, checksum: string): readonly RouteChange[] {
  const [header = '', ...lines] = text.split('\n')
  if (header === '') return []
  const entries = entriesIn(path, lines)
  const changes = entries.filter((entry) => 'service' in entry)
  if (baseIn(path, header) === checksum) return changes
  const seam = entries.find((entry): entry is Seam => 'base' in entry && entry.base === checksum)
  return seam ? changes.filter((change) => change.version > seam.version) : []
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
