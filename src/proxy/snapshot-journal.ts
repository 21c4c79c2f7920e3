import { createHash } from 'node:crypto'
import { constants, open, readFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServiceName } from '../core/names.ts'
import type { Route, Snapshot } from '../core/route.ts'
import { writeWhole } from '../lib/write-whole.ts'
import { corrupt, notWritten, readBase, SNAPSHOT_FILE, writeBase } from './snapshot-file.ts'

export const JOURNAL_FILE = 'snapshot.journal'

/** What changed in a snapshot: the route of one service, or that it has none any more. */
export interface RouteChange {
  readonly version: number
  readonly service: ServiceName
  readonly route?: Route
}

const COMPACT_AFTER_BYTES = 1_048_576

/**
 * With `O_DSYNC` a write returns when its bytes are on the disk: one way through Node's pool of threads instead of two,
 * and each costs milliseconds while workers keep all cores busy. Only Linux is known to keep that promise.
 */
const SYNCED = process.platform === 'linux' ? constants.O_DSYNC : 0
const APPENDING = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | SYNCED

/**
 * The snapshot on the disk: a whole file, and a journal of what changed since, so that a change costs what it changes.
 * The journal's first line names the whole file it belongs to by its checksum; a journal of another one says nothing.
 * Each further line is one change with its checksum, synced before anybody obeys it.
 */
export class SnapshotJournal {
  readonly #directory: string
  #file: FileHandle | undefined
  #bytes = 0
  #baseBytes = 0

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Long enough that writing all anew costs less than reading it back would. */
  get isLong(): boolean {
    return this.#bytes > Math.max(COMPACT_AFTER_BYTES, this.#baseBytes)
  }

  /** Writes all of it into the whole file, and begins an empty journal. Rejects like `append`. */
  async rewrite(snapshot: Snapshot): Promise<void> {
    await this.close()
    const { checksum, bytes } = await writeBase(join(this.#directory, SNAPSHOT_FILE), snapshot)
    const path = join(this.#directory, JOURNAL_FILE)
    try {
      const header = `${JSON.stringify({ format: 1, base: checksum })}\n`
      await writeWhole(path, header)
      this.#file = await open(path, APPENDING, 0o600)
      this.#bytes = header.length
      this.#baseBytes = bytes
    } catch (error) {
      throw notWritten(path, error)
    }
  }

  /**
   * Resolves when the change is on the disk. Rejects with `disk-full` or `snapshot-not-written`, nothing changed.
   * `whole` tells the snapshot with the change in it: it is written instead after a journal that failed.
   */
  async append(change: RouteChange, whole: () => Snapshot): Promise<void> {
    if (!this.#file) return await this.rewrite(whole())
    const line = lineOf(change)
    try {
      await this.#file.appendFile(line)
      if (SYNCED === 0) await this.#file.datasync()
      this.#bytes += Buffer.byteLength(line)
    } catch (error) {
      await this.#takeBack()
      throw notWritten(join(this.#directory, JOURNAL_FILE), error)
    }
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await file?.close()
  }

  /** What was written of a change that failed must not be read as one. */
  async #takeBack(): Promise<void> {
    try {
      await this.#file?.truncate(this.#bytes)
    } catch {
      // The next change writes all anew, which leaves this journal without a meaning.
      await this.close()
    }
  }
}

/**
 * The snapshot of the last time; an empty one when there was none. A last change that was cut short in the writing was
 * answered to nobody and is left out. Rejects with `snapshot-corrupt` when anything else is not whole.
 */
export async function readSnapshot(directory: string): Promise<Snapshot> {
  const { snapshot, checksum } = await readBase(join(directory, SNAPSHOT_FILE))
  const path = join(directory, JOURNAL_FILE)
  const [header = '', ...lines] = (await textOf(path)).split('\n')
  if (header === '' || !isJournalOf(path, header, checksum)) return snapshot
  const routes = new Map(snapshot.routes.map((route) => [route.service, route]))
  let { version } = snapshot
  for (const change of changesIn(path, lines)) {
    if (change.version !== version + 1) throw corrupt(path, `change ${version + 1} is missing`)
    version = change.version
    if (change.route) routes.set(change.service, change.route)
    else routes.delete(change.service)
  }
  return { version, routes: [...routes.values()] }
}

function* changesIn(path: string, lines: readonly string[]): Generator<RouteChange> {
  for (const [at, line] of lines.entries()) {
    const change = changeIn(line)
    if (change) yield change
    else if (lines.slice(at + 1).some(changeIn)) throw corrupt(path, `line ${at + 2} is not whole`)
  }
}

function lineOf(change: RouteChange): string {
  const text = JSON.stringify(change)
  return `${checksumOf(text)} ${text}\n`
}

function changeIn(line: string): RouteChange | undefined {
  const checksum = line.slice(0, 64)
  const text = line.slice(65)
  return text !== '' && checksumOf(text) === checksum
    ? (JSON.parse(text) as RouteChange)
    : undefined
}

function isJournalOf(path: string, header: string, checksum: string): boolean {
  try {
    return (JSON.parse(header) as { readonly base?: unknown }).base === checksum
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

function checksumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
