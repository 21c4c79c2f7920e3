/** The bytes of one body, copied, up to a limit. */
export class KeptBody {
  readonly #most: number
  readonly #parts: Buffer[] = []
  #bytes = 0

  constructor(most: number) {
    this.#most = most
  }

  /** More came than is kept. */
  get tooLarge(): boolean {
    return this.#bytes > this.#most
  }

  keep(bytes: Buffer): void {
    this.#bytes += bytes.length
    if (this.tooLarge) this.#parts.length = 0
    else if (bytes.length > 0) this.#parts.push(Buffer.from(bytes))
  }

  all(): Buffer {
    return Buffer.concat(this.#parts)
  }
}
