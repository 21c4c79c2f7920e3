import { connect, type ClientHttp2Session } from 'node:http2'
import { connect as connectSocket } from 'node:net'
import type { InstanceAddress } from '../../core/address.ts'
import type { AnswerSink } from '../plane/answer-sink.ts'
import { InstanceStream, type StreamCarrier } from './instance-stream.ts'

/** Of one session; an instance may allow fewer. */
const MOST_STREAMS = 100
const STREAM_BYTES = 65_535
/** A session with work that is silent for this long is asked whether it is still there, and given up after it again. */
const SILENT_MS = 10_000
const IDLE_MS = 60_000
/** A field that comes twice is passed on twice, as over HTTP/1. */
const LENIENT = { strictSingleValueFields: false }
const CONNECT_MS = 10_000

/** One connection to an instance that speaks HTTP/2, by prior knowledge (RFC 9113 §3.3), and the streams on it. */
export class InstanceSession implements StreamCarrier {
  readonly session: ClientHttp2Session
  lastId: number = Infinity
  readonly #onClosed: (session: InstanceSession) => void
  readonly #streams = new Set<InstanceStream>()
  #state: 'connecting' | 'open' | 'closing' = 'connecting'
  #code = 'ECONNRESET'
  #sinceMs = performance.now()
  #askedAtMs: number | undefined
  #isLeaving = false

  constructor(address: InstanceAddress, onClosed: (session: InstanceSession) => void) {
    this.#onClosed = onClosed
    const session = connect('http://instance', {
      ...LENIENT,
      createConnection: () => connectSocket({ ...address, noDelay: true }),
      settings: { enablePush: false, initialWindowSize: STREAM_BYTES },
    })
    this.session = session
    session.on('connect', () => this.#onConnect())
    session.on('error', (error: Error & { readonly code?: string }) => {
      this.#code = error.code ?? error.name
    })
    session.on('goaway', (_code, lastId) => {
      this.lastId = lastId
      this.#state = 'closing'
    })
    session.on('close', () => this.#onClose())
  }

  get streams(): number {
    return this.#streams.size
  }

  /** It takes requests, perhaps after others. */
  get usable(): boolean {
    return (
      this.#state !== 'closing' &&
      !this.#isLeaving &&
      !this.session.closed &&
      !this.session.destroyed
    )
  }

  /** It takes one more request at once. */
  get roomy(): boolean {
    const most =
      this.#state === 'open' ? this.session.remoteSettings.maxConcurrentStreams : undefined
    return this.usable && this.streams < Math.min(MOST_STREAMS, most ?? MOST_STREAMS)
  }

  /** A stream for one request. `sink` is told when it may be sent. */
  begin(sink: AnswerSink): InstanceStream {
    const stream = new InstanceStream(this, sink)
    this.#streams.add(stream)
    if (this.#state !== 'connecting') setImmediate(() => stream.connected())
    return stream
  }

  over(stream: InstanceStream): void {
    if (this.#streams.delete(stream) && this.#streams.size === 0) this.#sinceMs = performance.now()
  }

  /** Takes no more; what runs goes on. */
  leave(): void {
    this.#isLeaving = true
    if (this.#state === 'connecting' && this.#streams.size > 0) return
    this.#state = 'closing'
    this.session.close()
  }

  sweep(now: number): void {
    if (this.#state === 'connecting') {
      if (now - this.#sinceMs > CONNECT_MS) this.session.destroy()
    } else if (this.#streams.size === 0) {
      if (this.usable && now - this.#sinceMs > IDLE_MS) this.leave()
    } else this.#askAlive(now)
  }

  #askAlive(now: number): void {
    if (this.session.destroyed) return
    if (this.#askedAtMs === undefined) {
      if (now - this.#sinceMs > SILENT_MS) this.#ask(now)
    } else if (now - this.#askedAtMs > SILENT_MS) this.session.destroy()
  }

  #ask(now: number): void {
    this.#askedAtMs = now
    this.session.ping((error) => {
      if (error) return
      this.#askedAtMs = undefined
      this.#sinceMs = performance.now()
    })
  }

  /** A stream that waits for a slow client keeps what has come for it: it must not stop the others. */
  #onConnect(): void {
    // Node tells of the connection also after it was given up.
    if (this.#state !== 'connecting' || this.session.destroyed) return
    this.#state = 'open'
    this.session.setLocalWindowSize((MOST_STREAMS + 1) * STREAM_BYTES)
    for (const stream of this.#streams) stream.connected()
    if (this.#isLeaving) this.leave()
  }

  #onClose(): void {
    const hadConnected = this.#state !== 'connecting'
    this.#state = 'closing'
    for (const stream of this.#streams) {
      if (hadConnected) stream.lost()
      else stream.connectFailed(this.#code)
    }
    this.#onClosed(this)
  }
}
