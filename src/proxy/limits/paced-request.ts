import { reject, type Rejection } from '../http1/rejection.ts'
import type { ClientSide } from '../plane/client-side.ts'
import type { RequestSink } from '../plane/request-sink.ts'
import { Pace } from './pace.ts'
import { PacedClient } from './paced-client.ts'

/** So much of an answer may lie in the send buffer of the system (Linux: `tcp_wmem`), unread. */
const SEND_BUFFER = 4 * 1024 * 1024

const TOO_SLOW = reject(408, 'the body came too slowly')

export interface PaceTerms {
  readonly bytesPerSecond: number
  /** An answer was broken off because its client did not read it. */
  readonly onSlowReader: () => void
}

/**
 * A request whose client must move bytes while that is up to it: a body that is asked for must come, and an answer must
 * be read. A stream that is silent, one whose instance is slow, and a changed protocol are left alone.
 */
export class PacedRequest implements RequestSink {
  readonly #sink: RequestSink
  readonly #client: PacedClient
  readonly #terms: PaceTerms
  readonly #upload: Pace
  readonly #download: Pace
  #isComplete = false
  #sweptMs = performance.now()

  constructor(client: ClientSide, terms: PaceTerms, begin: (client: ClientSide) => RequestSink) {
    this.#terms = terms
    this.#upload = new Pace(terms.bytesPerSecond)
    this.#download = new Pace(terms.bytesPerSecond, SEND_BUFFER)
    this.#client = new PacedClient(client, this.#download)
    this.#sink = begin(this.#client)
  }

  start(): void {
    this.#sink.start()
  }

  requestBytes(bytes: Buffer): void {
    this.#upload.moved(bytes.length)
    this.#sink.requestBytes(bytes)
  }

  requestEnd(): void {
    this.#isComplete = true
    this.#sink.requestEnd()
  }

  requestBroken(rejection: Rejection): void {
    this.#sink.requestBroken(rejection)
  }

  clientGone(): void {
    this.#sink.clientGone()
  }

  clientDrained(): void {
    this.#sink.clientDrained()
  }

  sweep(now: number): void {
    const ms = now - this.#sweptMs
    this.#sweptMs = now
    if (this.#client.owesBody && !this.#isComplete && !this.#upload.kept(ms))
      return this.#sink.requestBroken(TOO_SLOW)
    if (this.#client.owesReading && !this.#download.kept(ms)) return this.#breakOff()
    this.#sink.sweep(now)
  }

  #breakOff(): void {
    this.#terms.onSlowReader()
    this.#sink.clientGone()
    this.#client.abort()
  }
}
