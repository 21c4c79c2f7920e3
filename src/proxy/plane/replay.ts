import type { Spool } from '../limits/spool.ts'

const NOTHING = Buffer.alloc(0)

/** The part of a body that was already sent, kept while there is room for it, to be sent again. */
export class Replay {
  readonly #spool: Spool
  #parts: Buffer[] = []
  #bytes = 0
  #whole = true

  constructor(spool: Spool) {
    this.#spool = spool
  }

  /** All that was sent is here. */
  get whole(): boolean {
    return this.#whole
  }

  /** Copies: the bytes of a read are good for a moment only. */
  keep(bytes: Buffer): void {
    if (!this.#whole) return
    if (!this.#spool.take(bytes.length, this.#bytes)) return this.drop()
    this.#bytes += bytes.length
    this.#parts.push(Buffer.from(bytes))
  }

  all(): Buffer {
    return this.#bytes === 0 ? NOTHING : Buffer.concat(this.#parts, this.#bytes)
  }

  /** It will not be needed, or there is no room for it. */
  drop(): void {
    this.#whole = false
    if (this.#bytes === 0) return
    this.#spool.giveBack(this.#bytes)
    this.#parts = []
    this.#bytes = 0
  }
}
