import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Problem } from '../core/problem.ts'
import type { Snapshot } from '../core/route.ts'
import { type Prepared, prepareWhole } from '../lib/write-whole.ts'

export const SNAPSHOT_FILE = 'snapshot.json'

const FORMAT = 1
/** About a millisecond of work. */
const ROUTES_A_PIECE = 32
const NONE: Snapshot = { version: 0, routes: [] }

interface SnapshotFile {
  readonly format: number
  readonly checksum: string
  readonly snapshot: Snapshot
}

/** A snapshot as it lies in its file. */
export interface Base {
  readonly snapshot: Snapshot
  readonly checksum: string
}

/** What tells one whole file from another, and how long it is. */
interface Written {
  readonly checksum: string
  readonly bytes: number
}

/** A whole file that waits beside the old one. */
export type PreparedBase = Written & Prepared

/** Resolves when all of the snapshot is on the disk. Rejects with `disk-full` or `snapshot-not-written`, the old file kept. */
export async function writeBase(directory: string, snapshot: Snapshot): Promise<Written> {
  const base = await prepareBase(directory, snapshot, 'new')
  await base.replace()
  return base
}

/** Writes a whole file beside the old one, piece by piece; `ending` is that of its name. It and what it gives reject like `writeBase`. */
export async function prepareBase(
  directory: string,
  snapshot: Snapshot,
  ending: string,
): Promise<PreparedBase> {
  const path = join(directory, SNAPSHOT_FILE)
  const hash = createHash('sha256')
  let checksum = ''
  let bytes = 0
  function* whole(): Iterable<string> {
    yield `{"format":${FORMAT},"snapshot":`
    for (const piece of piecesOf(snapshot)) {
      hash.update(piece)
      bytes += Buffer.byteLength(piece)
      yield piece
    }
    checksum = `sha256:${hash.digest('hex')}`
    yield `,"checksum":"${checksum}"}\n`
  }
  const orProblem = async <Result>(work: Promise<Result>): Promise<Result> =>
    await work.catch((error: unknown) => {
      throw notWritten(path, error)
    })
  const beside = `${path}.${process.pid}.${ending}`
  const file = await orProblem(prepareWhole(path, whole(), beside))
  return {
    checksum,
    bytes,
    forget: () => file.forget(),
    replace: () => orProblem(file.replace()),
  }
}

/** What `JSON.stringify` makes of it, a few routes at a time. */
function* piecesOf({ version, routes }: Snapshot): Iterable<string> {
  yield `{"version":${version},"routes":[`
  for (let at = 0; at < routes.length; at += ROUTES_A_PIECE) {
    const piece = JSON.stringify(routes.slice(at, at + ROUTES_A_PIECE)).slice(1, -1)
    yield at === 0 ? piece : `,${piece}`
  }
  yield ']}'
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
    // One without the other would be taken for all there is.
    hint: `Move all of it away (\`cd ${dirname(path)} && mkdir broken && mv snapshot.* broken\`) and start again; the controller applies the routes anew.`,
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
