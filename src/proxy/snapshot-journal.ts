import { constants, open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Snapshot } from '../core/route.ts'
import { writeWhole } from '../lib/write-whole.ts'
import { headerOf, lineOf, type RouteChange } from './journal-line.ts'
import { notWritten, prepareBase, writeBase } from './snapshot-file.ts'

export const JOURNAL_FILE = 'snapshot.journal'

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
  readonly #path: string
  #file: FileHandle | undefined
  #bytes = 0
  #baseBytes = 0
  /** The changes since a newer whole file was begun. */
  #later: string[] | undefined

  constructor(directory: string) {
    this.#directory = directory
    this.#path = join(directory, JOURNAL_FILE)
  }

  /** Long enough that writing all anew costs less than reading it back would; not while that is done. */
  get isLong(): boolean {
    return !this.#later && this.#bytes > Math.max(COMPACT_AFTER_BYTES, this.#baseBytes)
  }

  /** Writes all of it into the whole file, and begins an empty journal. Rejects like `append`. */
  async rewrite(snapshot: Snapshot): Promise<void> {
    await this.close()
    const { checksum, bytes } = await writeBase(this.#directory, snapshot)
    await this.#begin(headerOf(checksum), bytes)
  }

  /**
   * Writes all of it into a new whole file while changes go on, piece by piece. `inTurn` is given the short end of it,
   * during which there must be no change. To be called between two changes. Rejects like `append`, nothing lost.
   */
  async compact(
    snapshot: Snapshot,
    inTurn: (end: () => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const file = this.#file
    const later: string[] = []
    this.#later = later
    try {
      const base = await prepareBase(this.#directory, snapshot, 'next')
      try {
        await inTurn(async () => {
          // Since then all was written anew or the journal closed: this is of the past.
          if (!file || this.#file !== file) return
          await this.#write(lineOf({ base: base.checksum, version: snapshot.version }))
          await base.replace()
          await this.close()
          await this.#begin([headerOf(base.checksum), ...later].join(''), base.bytes)
        })
      } finally {
        await base.forget()
      }
    } finally {
      this.#later = undefined
    }
  }

  /**
   * Resolves when the change is on the disk. Rejects with `disk-full` or `snapshot-not-written`, nothing changed.
   * `whole` tells the snapshot with the change in it: it is written instead after a journal that failed.
   */
  async append(change: RouteChange, whole: () => Snapshot): Promise<void> {
    if (!this.#file) return await this.rewrite(whole())
    const line = lineOf(change)
    await this.#write(line)
    this.#later?.push(line)
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await file?.close()
  }

  async #begin(text: string, baseBytes: number): Promise<void> {
    try {
      await writeWhole(this.#path, text)
      this.#file = await open(this.#path, APPENDING, 0o600)
      this.#bytes = Buffer.byteLength(text)
      this.#baseBytes = baseBytes
    } catch (error) {
      throw notWritten(this.#path, error)
    }
  }

  async #write(line: string): Promise<void> {
    try {
      await this.#file?.appendFile(line)
      if (SYNCED === 0) await this.#file?.datasync()
      this.#bytes += Buffer.byteLength(line)
    } catch (error) {
      await this.#takeBack()
      throw notWritten(this.#path, error)
    }
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
