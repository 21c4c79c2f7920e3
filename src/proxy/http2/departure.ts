import { constants, type ServerHttp2Session } from 'node:http2'
import type { Duplex } from 'node:stream'
import { EVERY_STREAM, goawayFrame } from './goaway-frame.ts'

/** Streams that were on their way when the client was told are served: it has at least this long, and a round trip. */
const GRACE_MS = 1000
const SPREAD_MS = 500
/** A client that does not answer the ping is not waited for longer. */
const LONGEST_MS = 5000

/**
 * Ends a session in two steps (RFC 9113 §6.8): GOAWAY with the largest id, so that no stream is lost that is on its
 * way; then GOAWAY with the last one that is served. Those that run go on, and the session ends after the last.
 */
export class Departure {
  readonly #session: ServerHttp2Session
  readonly #wire: Duplex
  #beganAtMs: number | undefined
  #untilMs = 0
  #isHeard = false

  constructor(session: ServerHttp2Session, wire: Duplex) {
    this.#session = session
    this.#wire = wire
  }

  /** Takes the next step when its time has come. */
  advance(now: number): void {
    if (this.#session.closed) return
    if (this.#beganAtMs === undefined) return this.#begin(now)
    const isHeard = this.#isHeard || now - this.#beganAtMs > LONGEST_MS
    if (isHeard && now > this.#untilMs) this.#session.close()
  }

  #begin(now: number): void {
    this.#beganAtMs = now
    this.#untilMs = now + GRACE_MS + Math.random() * SPREAD_MS
    this.#wire.write(goawayFrame(EVERY_STREAM, constants.NGHTTP2_NO_ERROR))
    this.#session.ping((error) => {
      this.#isHeard = !error
    })
  }
}
