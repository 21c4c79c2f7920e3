import type { Framing } from '../http1/body-framing.ts'
import { chunkOf, lastChunk } from './chunks.ts'
import { trailerLines } from './field-lines.ts'

/** Gives the body of an answer of HTTP/2 the framing that its client is told of. */
export class AnswerBody {
  readonly #inChunks: boolean
  readonly #length: number | undefined
  #total = 0
  #trailers = ''

  constructor(framing: Framing, pass: 'bytes' | 'content') {
    this.#inChunks = framing.kind === 'chunked' && pass === 'bytes'
    this.#length = framing.kind === 'length' ? framing.length : undefined
  }

  /** Not a byte is missing, as far as the head told. */
  get whole(): boolean {
    return this.#length === undefined || this.#length === this.#total
  }

  get trailers(): string {
    return this.#trailers
  }

  /** Trailers have come, names and values in turn. */
  keep(pairs: readonly string[]): void {
    this.#trailers = trailerLines(pairs)
  }

  framed(bytes: Buffer): Buffer {
    this.#total += bytes.length
    return this.#inChunks && bytes.length > 0 ? chunkOf(bytes) : bytes
  }

  /** What comes last, where that is a part of the body. */
  end(): Buffer | undefined {
    return this.#inChunks ? lastChunk(this.#trailers) : undefined
  }
}
