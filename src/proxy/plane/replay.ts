const MOST = 65_536

/** The part of a body that was already sent, kept while it is small enough to be sent again. */
export class Replay {
  #parts: Buffer[] = []
  #bytes = 0

  /** All that was sent is here. */
  get whole(): boolean {
    return this.#bytes <= MOST
  }

  keep(bytes: Buffer): void {
    this.#bytes += bytes.length
    if (this.whole) this.#parts.push(Buffer.from(bytes))
    else this.#parts = []
  }

  all(): Buffer {
    return Buffer.concat(this.#parts)
  }
}
