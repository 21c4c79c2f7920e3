const MOST_BYTES = 4_096

/** The end of an output, however long that is. */
export class Tail {
  #kept: Buffer = Buffer.alloc(0)

  add(chunk: Buffer): void {
    this.#kept = Buffer.concat([this.#kept, chunk]).subarray(-MOST_BYTES)
  }

  /** The last line that says something. */
  get text(): string {
    const lines = this.#kept.toString('utf8').split('\n')
    return lines.findLast((line) => line.trim() !== '') ?? ''
  }
}
