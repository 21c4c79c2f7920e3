import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Problem } from '../core/problem.ts'
import type { Snapshot } from '../core/route.ts'
import { writeWhole } from '../lib/write-whole.ts'

export const SNAPSHOT_FILE = 'snapshot.json'

const FORMAT = 1
const NONE: Snapshot = { version: 0, routes: [] }

interface SnapshotFile {
  readonly format: number
  readonly checksum: string
  readonly snapshot: Snapshot
}

/** Resolves when the snapshot is on the disk. Rejects with `disk-full` or `snapshot-not-written`, the old one kept. */
export async function writeSnapshot(path: string, snapshot: Snapshot): Promise<void> {
  const file: SnapshotFile = { format: FORMAT, checksum: checksumOf(snapshot), snapshot }
  try {
    await writeWhole(path, `${JSON.stringify(file)}\n`)
  } catch (error) {
    throw notWritten(path, error)
  }
}

/**
 * The snapshot of the last time; an empty one when there was none. Rejects with `snapshot-corrupt` when the file is not
 * whole: to guess, or to begin anew without a word, would lose a user's traffic.
 */
export async function readSnapshot(path: string): Promise<Snapshot> {
  const text = await textOf(path)
  if (text === undefined) return NONE
  const file = parsed(path, text)
  if (file.format !== FORMAT) {
    throw corrupt(path, `it has format ${file.format}; this version reads ${FORMAT}`)
  }
  if (!file.snapshot || file.checksum !== checksumOf(file.snapshot)) {
    throw corrupt(path, 'its checksum is wrong')
  }
  return file.snapshot
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined
    throw error
  }
}

function parsed(path: string, text: string): Partial<SnapshotFile> {
  try {
    return { ...(JSON.parse(text) as Partial<SnapshotFile> | null) }
  } catch (error) {
    throw corrupt(path, `it is not whole JSON (${text.length} characters)`, error)
  }
}

function checksumOf(snapshot: Snapshot): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(snapshot)).digest('hex')}`
}

function corrupt(path: string, why: string, cause?: unknown): Problem {
  return new Problem('snapshot-corrupt', {
    message: `the proxy's snapshot ${path} cannot be used: ${why}`,
    hint: `Move it away (\`mv ${path} ${path}.broken\`) and start again; the controller applies the routes anew.`,
    data: { path },
    cause,
  })
}

function notWritten(path: string, cause: unknown): Problem {
  const full = (cause as { code?: unknown }).code === 'ENOSPC'
  return new Problem(full ? 'disk-full' : 'snapshot-not-written', {
    message: `cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    hint: 'Nothing was changed. Make room or give this user the right to write there, and repeat.',
    data: { path },
    cause,
  })
}
