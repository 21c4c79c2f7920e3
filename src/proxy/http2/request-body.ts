import type { Framing } from '../http1/body-framing.ts'
import { chunkOf, lastChunk } from './chunks.ts'

/** Gives the body of a request of HTTP/2 the framing that its head has got in HTTP/1. */
export class RequestBody {
  readonly #chunked: boolean
  readonly #limit: number
  #total = 0
  #trailers = ''

  constructor(framing: Framing, limit: number) {
    this.#chunked = framing.kind === 'chunked'
    this.#limit = limit
  }

  set trailers(lines: string) {
    this.#trailers = lines
  }

  /** More of it; `undefined` when it has become too large. */
  framed(bytes: Buffer): Buffer | undefined {
    this.#total += bytes.length
    if (this.#total > this.#limit) return undefined
    return this.#chunked && bytes.length > 0 ? chunkOf(bytes) : bytes
  }

  /** What comes last; perhaps nothing. */
  end(): Buffer | undefined {
    return this.#chunked ? lastChunk(this.#trailers) : undefined
  }
}
