import {
  constants,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { Duplex } from 'node:stream'
import type { LimitSpec } from '../../core/service.ts'
import type { Sender } from '../entry/sender.ts'
import { reject, type Rejection } from '../http1/rejection.ts'
import type { RequestHead } from '../http1/request-head.ts'
import type { ClientSide } from '../plane/client-side.ts'
import type { RequestSink } from '../plane/request-sink.ts'
import { ClientStream } from './client-stream.ts'
import { Departure } from './departure.ts'
import { FloodWatch } from './flood-watch.ts'
import { goawayFrame } from './goaway-frame.ts'
import { readRequest } from './read-request.ts'
import { sessionOptions } from './session-options.ts'

/** What a session asks of its service. */
export interface SessionHost {
  readonly limits: LimitSpec
  /** Clients are told to go. */
  readonly leaving: boolean
  readonly strictLine: string
  exchange(client: ClientSide, head: RequestHead): RequestSink
  rejected(rejection: Rejection): void
  closed(client: ClientSession): void
}

/** Read ahead of all streams together: a few that wait for their instance do not stop the others. */
const WINDOW_BYTES = 1_048_576
/** How long a client may take to close a connection that is over. */
const LINGER_MS = 2000

/** One connection of a client that speaks HTTP/2. Each of its streams is a request. */
export class ClientSession {
  readonly #wire: Duplex
  readonly #sender: Sender
  readonly #host: SessionHost
  readonly #session: ServerHttp2Session
  readonly #streams = new Set<ClientStream>()
  readonly #floods = new FloodWatch()
  readonly #departure: Departure
  readonly #beganAtMs = performance.now()
  #isGreeted = false
  /** Since when there has been no stream; it is set when that is seen first. */
  #idleSinceMs: number | undefined

  constructor(wire: Duplex, sender: Sender, host: SessionHost) {
    this.#wire = wire
    this.#sender = sender
    this.#host = host
    const session = performServerHandshake(wire, sessionOptions(host.limits))
    this.#session = session
    this.#departure = new Departure(session, wire)
    // 'close' always follows and tells all that matters: nothing that a client does may end the process.
    session.on('error', () => undefined)
    session.on('close', () => this.#onClose())
    session.on('stream', (stream, _fields, flags, pairs) => this.#begin(stream, flags, pairs))
    session.on('ping', () => this.#count('ping'))
    session.on('remoteSettings', () => {
      this.#isGreeted = true
      this.#count('settings')
    })
    if (!session.destroyed) session.setLocalWindowSize(WINDOW_BYTES)
  }

  sweep(now: number): void {
    for (const stream of this.#streams) stream.sweep(now)
    if (this.#session.destroyed) return
    if (!this.#isGreeted) return this.#awaitGreeting(now)
    if (this.#host.leaving) this.#departure.advance(now)
    if (this.#streams.size > 0) this.#idleSinceMs = undefined
    else this.#sweepIdle(now)
  }

  #awaitGreeting(now: number): void {
    if (now - this.#beganAtMs <= this.#host.limits.headMs) return
    this.#host.rejected(reject(408, 'the connection did not begin in time'))
    this.#session.destroy()
  }

  #sweepIdle(now: number): void {
    this.#idleSinceMs ??= now
    const idledMs = now - this.#idleSinceMs
    if (!this.#session.closed && idledMs > this.#host.limits.keepAliveMs) this.#session.close()
    else if (this.#session.closed && idledMs > LINGER_MS) this.#wire.destroy()
  }

  #begin(stream: ServerHttp2Stream, flags: number, pairs: readonly string[]): void {
    stream.on('error', () => undefined)
    if (stream.destroyed) return this.#count('reset')
    const ended = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0
    const head = readRequest(pairs, ended, this.#host.limits)
    if (head.kind === 'rejection') return this.#reject(stream, head)
    const client = new ClientStream(stream, head, this.#sender, this.#host)
    this.#streams.add(client)
    stream.on('close', () => this.#onStreamClose(client))
    client.start(this.#host.exchange(client, head))
  }

  #onStreamClose(client: ClientStream): void {
    this.#streams.delete(client)
    if (client.wasLeft) this.#count('reset')
  }

  /** Without a body, for which a client could keep it waiting. */
  #reject(stream: ServerHttp2Stream, rejection: Rejection): void {
    this.#host.rejected(rejection)
    const pairs = [':status', String(rejection.status), 'cache-control', 'no-store']
    stream.respond(pairs, { endStream: true })
    stream.resume()
    stream.once('finish', () => setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR)))
  }

  #count(what: 'reset' | 'ping' | 'settings'): void {
    if (!this.#floods.exceeds(what) || this.#session.destroyed) return
    this.#host.rejected(reject(429, 'too much that costs a client nothing', 'flood'))
    const code = constants.NGHTTP2_ENHANCE_YOUR_CALM
    this.#wire.write(goawayFrame(this.#session.state.lastProcStreamID ?? 0, code))
    this.#session.destroy(new Error('flood'), code)
  }

  #onClose(): void {
    this.#wire.destroy()
    this.#host.closed(this)
  }
}
