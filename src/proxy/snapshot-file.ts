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

/** A snapshot as it lies in its file. */
interface Base {
  readonly snapshot: Snapshot
  readonly checksum: string
}

/** Resolves when all of the snapshot is on the disk. Rejects with `disk-full` or `snapshot-not-written`, the old file kept. */
export async function writeBase(
  path: string,
  snapshot: Snapshot,
): Promise<{ readonly checksum: string; readonly bytes: number }> {
  const body = JSON.stringify(snapshot)
  const checksum = checksumOf(body)
  const text = `{"format":${FORMAT},"checksum":"${checksum}","snapshot":${body}}\n`
  try {
    await writeWhole(path, text)
  } catch (error) {
    throw notWritten(path, error)
  }
  return { checksum, bytes: text.length }
}

/**
 * The snapshot as it was last written whole; an empty one when there is none. Rejects with `snapshot-corrupt` when the
 * file is not whole: to guess, or to begin anew without a word, would lose a user's traffic.
 */
export async function readBase(path: string): Promise<Base> {
  const text = await textOf(path)
  if (text === undefined) return { snapshot: NONE, checksum: checksumOf(JSON.stringify(NONE)) }
  const { format, snapshot, checksum } = parsed(path, text)
  if (format !== FORMAT)
    throw corrupt(path, `it has format ${format}; this version reads ${FORMAT}`)
  if (!snapshot || !checksum || checksum !== checksumOf(JSON.stringify(snapshot))) {
    throw corrupt(path, 'its checksum is wrong')
  }
  return { snapshot, checksum }
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

function checksumOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

/** The file cannot be used, and why. */
export function corrupt(path: string, why: string, cause?: unknown): Problem {
  return new Problem('snapshot-corrupt', {
    message: `the proxy's snapshot ${path} cannot be used: ${why}`,
    hint: `Move it away (\`mv ${path} ${path}.broken\`) and start again; the controller applies the routes anew.`,
    data: { path },
    cause,
  })
}

/** The system's error in writing as a Problem: `disk-full` or `snapshot-not-written`. */
export function notWritten(path: string, cause: unknown): Problem {
  const full = (cause as { code?: unknown }).code === 'ENOSPC'
  return new Problem(full ? 'disk-full' : 'snapshot-not-written', {
    message: `cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    hint: 'Nothing was changed. Make room or give this user the right to write there, and repeat.',
    data: { path },
    cause,
  })
}
