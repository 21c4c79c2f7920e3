import { connect, type Socket } from 'node:net'
import { wireOf } from '../wire/wire-of.ts'
import type { Wire, WireListener } from '../wire/wire.ts'
import type { InstanceAddress } from '../../core/address.ts'
import { AnswerReader, type Progress, type Question } from './answer-reader.ts'
import type { AnswerSink } from '../plane/answer-sink.ts'
import { writeHead } from './write-head.ts'

type Phase = 'connecting' | 'idle' | 'taken' | 'asked' | 'answered' | 'tunnel' | 'closed'

/** A connection that the instance may close at any moment is not worth the risk. */
const IDLE_MS = 4000
const MARGIN_MS = 1000
/** A silent connection is asked after this whether its other side is still there. */
const KEEP_ALIVE_MS = 60_000

/** One connection to an instance. It carries one request at a time; between two it is idle, and silent or destroyed. */
export class InstanceConnection implements WireListener {
  readonly #socket: Socket
  /** There is none before the socket is connected. */
  #wire: Wire | undefined
  readonly #onClosed: (connection: InstanceConnection) => void
  #phase: Phase = 'connecting'
  #sink: AnswerSink | undefined
  readonly #reader = new AnswerReader()
  #code = ''
  #keptForMs = IDLE_MS
  #idleSinceMs = 0
  #idledMs = 0
  #wasIdle = false
  #spokeUnasked = false
  /** What was written of the request was written at once. */
  #wroteOnce = false
  #leftAfterMs = Infinity

  constructor(
    address: InstanceAddress,
    sink: AnswerSink,
    onClosed: (connection: InstanceConnection) => void,
  ) {
    this.#sink = sink
    this.#onClosed = onClosed
    this.#socket = connect({ ...address, noDelay: true, allowHalfOpen: true })
    // The wire reads, not the stream.
    this.#socket.pause()
    this.#socket.on('connect', () => this.#onConnect())
    this.#socket.on('error', (error) => this.#onError(error))
    this.#socket.on('close', () => this.#onConnectClosed())
  }

  /** The instance does not read as fast as it is written to. */
  get blocked(): boolean {
    return this.#wire?.blocked ?? false
  }

  /** The request never left: whatever the instance did, it did not read it. */
  get refused(): boolean {
    return this.#wroteOnce && (this.#wire?.holding ?? false)
  }

  /** Something was received since the request was sent. */
  get heard(): boolean {
    return this.#reader.heard
  }

  /** Its answer is complete, nothing came after it, and the instance keeps it open. */
  get reusable(): boolean {
    return this.#phase === 'answered' && !!this.#wire?.writable && this.#reader.keepsConnection
  }

  /** An idle one that was used within `withinMs`, and that the instance has not left. */
  isFresh(now: number, withinMs: number): boolean {
    return this.#phase === 'idle' && !!this.#wire?.writable && now - this.#idleSinceMs <= withinMs
  }

  /** The instance has not broken it off, as far as was read. */
  get open(): boolean {
    return this.#wire?.writable ?? false
  }

  /** How long the instance said, with its last answer, that it keeps it; `Infinity` when it did not say. */
  get keepAliveMs(): number {
    return this.#reader.keepAliveMs
  }

  /** How long it has been idle. */
  idleForMs(now: number): number {
    return now - this.#idleSinceMs
  }

  /** How long it was idle when it was taken; 0 for a new one. */
  get idledMs(): number {
    return this.#idledMs
  }

  /** How long it was idle when the instance left it; `Infinity` when it did not, or not while idle. */
  get leftAfterMs(): number {
    return this.#leftAfterMs
  }

  /** The instance sent what nobody had asked for. */
  get spokeUnasked(): boolean {
    return this.#spokeUnasked
  }

  isExpired(now: number): boolean {
    return !this.isFresh(now, this.#keptForMs)
  }

  /** Idle from now on: whatever is received destroys it, so that it can never be taken for an answer. */
  rest(now: number): void {
    this.#keptForMs = Math.min(IDLE_MS, this.#reader.keepAliveMs - MARGIN_MS)
    this.#idleSinceMs = now
    this.#sink = undefined
    this.#phase = 'idle'
    this.resume()
  }

  take(sink: AnswerSink, now: number): void {
    this.#sink = sink
    this.#phase = 'taken'
    this.#idledMs = now - this.#idleSinceMs
    this.#wasIdle = true
  }

  /** Sends a head, and what is there of the body. False asks to wait for `instanceDrained`. */
  send(question: Question, head: string, body: Buffer): boolean {
    if (this.#phase !== 'taken' || !this.#sink || !this.#wire) return true
    this.#reader.ask(question, this.#sink)
    this.#phase = 'asked'
    this.#wroteOnce = true
    return writeHead(this.#wire, head, body)
  }

  write(bytes: Buffer): boolean {
    this.#wroteOnce = false
    return this.#phase === 'closed' || !this.#wire || this.#wire.writeBytes(bytes)
  }

  /** Looks after a connection that may be silent for long. */
  keepAlive(): void {
    this.#wire?.keepAlive(KEEP_ALIVE_MS)
  }

  pause(): void {
    this.#wire?.pause()
  }

  resume(): void {
    this.#wire?.resume()
  }

  /** From now on its bytes go to `sink` as they are. */
  tunnel(sink: AnswerSink): void {
    this.#sink = sink
    this.#phase = 'tunnel'
    this.keepAlive()
  }

  /** Says its last on a changed protocol. */
  end(): void {
    this.#wire?.end()
  }

  /** Nobody is told. */
  destroy(): void {
    this.#sink = undefined
    this.#phase = 'closed'
    this.#socket.destroy()
  }

  #onConnect(): void {
    if (this.#phase !== 'connecting') return
    this.#phase = 'taken'
    this.#wire = wireOf(this.#socket, this)
    this.#sink?.connected()
  }

  wireBytes(buffer: Buffer, length: number): void {
    if (this.#phase === 'tunnel') return this.#sink?.answerBytes(buffer.subarray(0, length))
    if (this.#phase === 'asked') return this.#follow(this.#reader.read(buffer, length))
    if (this.#phase === 'closed') return
    // Nobody asked: an answer to nothing would become the answer to the next request.
    this.#spokeUnasked = true
    this.#break()
  }

  wireEnd(): void {
    if (this.#phase === 'tunnel') return this.#sink?.answerEnd()
    if (this.#phase === 'asked') return this.#follow(this.#reader.end())
    if (this.#phase !== 'closed') this.#break()
  }

  #onError(error: Error & { readonly code?: unknown }): void {
    this.#code = typeof error.code === 'string' ? error.code : error.name
  }

  wireDrained(): void {
    this.#sink?.instanceDrained()
  }

  wireClosed(): void {
    if (this.#phase !== 'closed') this.#break()
    this.#onClosed(this)
  }

  /** Of one that was connected the wire tells. */
  #onConnectClosed(): void {
    if (this.#wire) return
    const sink = this.#phase === 'connecting' ? this.#sink : undefined
    this.destroy()
    sink?.connectFailed(this.#code)
    this.#onClosed(this)
  }

  #follow(progress: Progress): void {
    if (progress === 'more') return
    if (progress === 'complete') {
      this.#phase = 'answered'
      return this.#sink?.answerEnd()
    }
    if (progress === 'broken') return this.#break()
    if (progress === 'changed') {
      const rest = this.#reader.rest
      return rest && this.#sink?.answerBytes(rest)
    }
    const sink = this.#sink
    this.destroy()
    sink?.answerMalformed(progress.malformed)
  }

  #break(): void {
    const sink = this.#sink
    if (this.#phase === 'idle') this.#leftAfterMs = performance.now() - this.#idleSinceMs
    // It had left before it could see the request.
    else if (this.#wasIdle && !this.heard) this.#leftAfterMs = this.#idledMs
    this.destroy()
    sink?.instanceGone()
  }
}
