import { connect, type Socket } from 'node:net'
import type { InstanceAddress } from '../../core/address.ts'
import { AnswerReader, type Progress, type Question } from './answer-reader.ts'
import type { AnswerSink } from '../plane/answer-sink.ts'
import { writeHead } from './write-head.ts'

type Phase = 'connecting' | 'idle' | 'taken' | 'asked' | 'answered' | 'tunnel' | 'closed'

/** A connection that the instance may close at any moment is not worth the risk. */
const IDLE_MS = 4000
const MARGIN_MS = 1000

/** One connection to an instance. It carries one request at a time; between two it is idle, and silent or destroyed. */
export class InstanceConnection {
  readonly #socket: Socket
  readonly #onClosed: (connection: InstanceConnection) => void
  #phase: Phase = 'connecting'
  #sink: AnswerSink | undefined
  #reader: AnswerReader | undefined
  #code = ''
  #idleForMs = IDLE_MS
  #idleSinceMs = 0
  #idledMs = Infinity
  #leftAfterMs = Infinity

  constructor(
    address: InstanceAddress,
    sink: AnswerSink,
    onClosed: (connection: InstanceConnection) => void,
  ) {
    this.#sink = sink
    this.#onClosed = onClosed
    this.#socket = connect({ ...address, noDelay: true, allowHalfOpen: true })
    this.#socket.on('connect', () => this.#onConnect())
    this.#socket.on('data', (bytes: Buffer) => this.#onData(bytes))
    this.#socket.on('end', () => this.#onEnd())
    this.#socket.on('drain', () => this.#sink?.instanceDrained())
    this.#socket.on('error', (error) => this.#onError(error))
    this.#socket.on('close', () => this.#onClose())
  }

  /** The instance does not read as fast as it is written to. */
  get blocked(): boolean {
    return this.#socket.writableNeedDrain
  }

  /** Something was received since the request was sent. */
  get heard(): boolean {
    return this.#reader?.heard ?? false
  }

  /** Its answer is complete, nothing came after it, and the instance keeps it open. */
  get reusable(): boolean {
    return this.#phase === 'answered' && this.#socket.writable && !!this.#reader?.keepsConnection
  }

  /** An idle one that was used within `withinMs`, and that the instance has not left. */
  isFresh(now: number, withinMs: number): boolean {
    return this.#phase === 'idle' && this.#socket.writable && now - this.#idleSinceMs <= withinMs
  }

  /** How long it was idle when the instance left it; `Infinity` when it did not, or not while idle. */
  get leftAfterMs(): number {
    return this.#leftAfterMs
  }

  isExpired(now: number): boolean {
    return !this.isFresh(now, this.#idleForMs)
  }

  /** Idle from now on: whatever is received destroys it, so that it can never be taken for an answer. */
  rest(now: number): void {
    this.#idleForMs = Math.min(IDLE_MS, (this.#reader?.keepAliveMs ?? Infinity) - MARGIN_MS)
    this.#idleSinceMs = now
    this.#sink = undefined
    this.#reader = undefined
    this.#phase = 'idle'
    this.resume()
  }

  take(sink: AnswerSink): void {
    this.#sink = sink
    this.#phase = 'taken'
    this.#idledMs = performance.now() - this.#idleSinceMs
  }

  /** Sends a head, and what is there of the body. False asks to wait for `instanceDrained`. */
  send(question: Question, head: string, body: Buffer): boolean {
    if (this.#phase !== 'taken' || !this.#sink) return true
    this.#reader = new AnswerReader(question, this.#sink)
    this.#phase = 'asked'
    return writeHead(this.#socket, head, body)
  }

  write(bytes: Buffer): boolean {
    return this.#phase === 'closed' || this.#socket.write(bytes)
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    if (this.#socket.isPaused()) this.#socket.resume()
  }

  /** From now on its bytes go to `sink` as they are. */
  tunnel(sink: AnswerSink): void {
    this.#sink = sink
    this.#phase = 'tunnel'
    this.#socket.setKeepAlive(true, 60_000)
  }

  /** Says its last on a changed protocol. */
  end(): void {
    this.#socket.end()
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
    this.#sink?.connected()
  }

  #onData(bytes: Buffer): void {
    if (this.#phase === 'tunnel') return this.#sink?.answerBytes(bytes)
    if (this.#phase === 'asked' && this.#reader) return this.#follow(this.#reader.read(bytes))
    // Nobody asked: an answer to nothing would become the answer to the next request.
    if (this.#phase !== 'closed') this.#break()
  }

  #onEnd(): void {
    if (this.#phase === 'tunnel') return this.#sink?.answerEnd()
    if (this.#phase === 'asked' && this.#reader) return this.#follow(this.#reader.end())
    if (this.#phase !== 'closed') this.#break()
  }

  #onError(error: Error & { readonly code?: unknown }): void {
    this.#code = typeof error.code === 'string' ? error.code : error.name
  }

  #onClose(): void {
    if (this.#phase === 'connecting') {
      const sink = this.#sink
      this.destroy()
      sink?.connectFailed(this.#code)
    } else if (this.#phase !== 'closed') this.#break()
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
      const rest = this.#reader?.rest
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
    else if (!this.heard) this.#leftAfterMs = this.#idledMs
    this.destroy()
    sink?.instanceGone()
  }
}
