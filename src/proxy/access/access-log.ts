import { appendFile } from 'node:fs/promises'
import type { AccessRecord } from '../../core/access.ts'
import type { Log } from '../proxy-log.ts'

const FLUSH_MS = 200
/** So much waits for a slow disk, in characters. */
const MOST = 1024 * 1024

/**
 * Writes what happened to requests behind a file, a JSON object a line, in batches. Several processes may write to the
 * same file, and it may be renamed at any time: each batch opens it by its name. Where the disk is too slow, records
 * are dropped; how many is told in the next line that can be written: `{"dropped": 3}`.
 */
export class AccessLog {
  readonly #path: string
  readonly #log: Log
  #lines: string[] = []
  #size = 0
  #dropped = 0
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(path: string, log: Log) {
    this.#path = path
    this.#log = log
  }

  write(record: AccessRecord): void {
    const line = JSON.stringify(record)
    if (this.#size + line.length > MOST) {
      this.#dropped += 1
      return
    }
    this.#lines.push(line)
    this.#size += line.length
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref()
  }

  /** Resolves when all that was written so far is in the file, or dropped. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writing = this.#writing.then(() => this.#append())
    return this.#writing
  }

  /** What comes meanwhile waits, and counts as waiting, until this batch is written. */
  async #append(): Promise<void> {
    const [lines, dropped] = [this.#lines, this.#dropped]
    if (lines.length === 0 && dropped === 0) return
    const told = dropped > 0 ? [...lines, JSON.stringify({ dropped })] : lines
    const size = this.#size
    this.#lines = []
    try {
      await appendFile(this.#path, `${told.join('\n')}\n`, { mode: 0o600 })
      this.#dropped -= dropped
    } catch (error) {
      this.#dropped += lines.length
      this.#log('access log not written', { why: String(error) })
    } finally {
      this.#size -= size
    }
  }
}
