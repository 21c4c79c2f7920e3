import type { Socket } from 'node:net'
import { ownAnswer, type OwnAnswer } from './answers.ts'
import { scanOf } from './body-framing.ts'
import type { BodyScan } from './body-scan.ts'
import type { ClientHost } from './client-host.ts'
import { type Sender, senderOf } from './forward-head.ts'
import { reject, type Rejection } from './rejection.ts'
import { HTTP2_PREFACE, type RequestHead } from './request-head.ts'
import { RequestIntake } from './request-intake.ts'
import type { RequestSink } from '../plane/request-sink.ts'
import { turnToGo } from './turn-to-go.ts'
import { writeHead } from './write-head.ts'
import { wireOf } from '../wire/wire-of.ts'
import type { Wire, WireListener } from '../wire/wire.ts'

type Phase = 'head' | 'body' | 'answer' | 'tunnel' | 'lingering' | 'closed'

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\n', 'latin1')
/** Bytes kept of a client that sends ahead of what can be taken; then it is no longer read. */
const BACKLOG = 65_536
/** RFC 9112 §9.6: after the last answer keep reading for a while, or a reset may destroy that answer. */
const LINGER_IDLE_MS = 2000
const LINGER_MS = 30_000
/** Its time begins with the next look at it: to ask the clock for each request would cost more than it is worth. */
const NEXT_SWEEP = -1

/** One connection of a client: takes request after request from it, in order, and hands each to a sink. */
export class ClientConnection implements WireListener {
  readonly sender: Sender
  readonly #wire: Wire
  readonly #host: ClientHost<ClientConnection>
  #phase: Phase = 'head'
  readonly #intake = new RequestIntake()
  #sink: RequestSink | undefined
  #scan: BodyScan | undefined
  #hasBegun = false
  #flowing = false
  #advancing = false
  #sinceMs = performance.now()
  #untilMs = 0

  constructor(socket: Socket, host: ClientHost<ClientConnection>) {
    this.#host = host
    this.sender = senderOf(socket)
    this.#wire = wireOf(socket, this)
  }

  /** The client does not read as fast as it is written to. */
  get blocked(): boolean {
    return this.#wire.blocked
  }

  write(text: string): boolean {
    return this.#gone() || this.#wire.write(text)
  }

  writeBytes(bytes: Buffer): boolean {
    return this.#gone() || this.#wire.writeBytes(bytes)
  }

  writeHead(head: string, body: Buffer): boolean {
    return this.#gone() || writeHead(this.#wire, head, body)
  }

  /** Hands over the body from now on, first what has already come. */
  resume(): void {
    if (this.#phase !== 'body' && this.#phase !== 'tunnel') return
    this.#flowing = true
    const bytes = this.#intake.takeAll()
    if (bytes) this.#pass(bytes)
    if (this.#flowing) this.#read()
  }

  /** Hands over no more. A little is still read, to notice a client that leaves. */
  pause(): void {
    this.#flowing = false
    if (this.#phase === 'tunnel') this.#wire.pause()
  }

  /** Request and answer are complete. */
  finish(next: 'keep' | 'close'): void {
    this.#sink = undefined
    if (this.#gone()) return
    if (next === 'close') return this.#linger()
    this.#phase = 'head'
    this.#sinceMs = NEXT_SWEEP
    this.#read()
    this.#advance()
  }

  /** The answer is complete, the request is not: takes leave without losing the answer. */
  leave(): void {
    this.#sink = undefined
    if (!this.#gone()) this.#linger()
  }

  /** Breaks off, so that nobody takes what was sent for the whole. `reset` where a plain end would look like one. */
  abort(how: 'end' | 'reset'): void {
    this.#sink = undefined
    this.#phase = 'closed'
    if (how === 'reset') this.#wire.reset()
    else this.#wire.destroy()
  }

  /** Looks after a client that may be silent for long. */
  keepAlive(): void {
    this.#wire.keepAlive(60_000)
  }

  /** From now on its bytes go to `sink` as they are. */
  tunnel(sink: RequestSink): void {
    this.#sink = sink
    this.#phase = 'tunnel'
    this.keepAlive()
  }

  /** Says its last on a changed protocol. */
  end(): void {
    this.#wire.end()
  }

  /** Refuses what came, in the place of an answer, and takes leave. */
  reject(rejection: Rejection, lines = ''): void {
    this.#host.rejected(rejection)
    this.answerLast({ status: rejection.status, text: rejection.reason }, 'GET', lines)
  }

  /** Answers in the place of an instance, and takes leave. */
  answerLast(answer: OwnAnswer, method: string, lines = ''): void {
    this.write(ownAnswer(answer, method, `${lines}Connection: close\r\n`))
    this.leave()
  }

  sweep(now: number): void {
    switch (this.#phase) {
      case 'head':
        return this.#sweepHead(now)
      case 'body':
      case 'answer':
      case 'tunnel':
        return this.#sink?.sweep(now)
      case 'lingering':
        return this.#sweepLingering(now)
      case 'closed':
        return
    }
  }

  wireBytes(buffer: Buffer, length: number): void {
    switch (this.#phase) {
      case 'head':
        return this.#onHeadBytes(buffer, length)
      case 'body':
      case 'tunnel':
        return this.#flowing
          ? this.#pass(buffer.subarray(0, length))
          : this.#keep(buffer.subarray(0, length))
      case 'answer':
        return this.#keep(buffer.subarray(0, length))
      case 'lingering':
        this.#sinceMs = performance.now()
        return
      case 'closed':
        return
    }
  }

  wireDrained(): void {
    if (this.#phase === 'lingering') this.#sinceMs = performance.now()
    this.#sink?.clientDrained()
  }

  /** A client that ends its side while it waits for an answer has left, as for most servers. */
  wireEnd(): void {
    switch (this.#phase) {
      case 'tunnel':
        return this.#sink?.requestEnd()
      case 'head':
        return this.#linger()
      case 'body':
      case 'answer':
        return this.#wire.destroy()
      case 'lingering':
      case 'closed':
        return
    }
  }

  wireClosed(): void {
    const sink = this.#sink
    this.#sink = undefined
    this.#phase = 'closed'
    sink?.clientGone()
    this.#host.closed(this)
  }

  /** Takes heads from the backlog, more than one only where requests were answered at once. */
  #advance(): void {
    if (this.#advancing) return
    this.#advancing = true
    while (this.#phase === 'head') {
      const head = this.#intake.takeHead(this.#host.limits)
      if (!head) break
      if (head.kind === 'rejection') this.#refuse(head)
      else this.#begin(head)
    }
    this.#advancing = false
  }

  /** Nearly always a whole head and no more: it is read where it lies. */
  #onHeadBytes(buffer: Buffer, length: number): void {
    if (this.#intake.length === 0) this.#sinceMs = NEXT_SWEEP
    const head = this.#intake.headIn(buffer, length, this.#host.limits)
    if (!head) return
    this.#advancing = true
    if (head.kind === 'rejection') this.#refuse(head)
    else this.#begin(head)
    this.#advancing = false
    if (this.#phase === 'head') this.#advance()
  }

  /** With the preface a client can only begin (RFC 9113 §3.4). */
  #refuse(rejection: Rejection): void {
    if (rejection !== HTTP2_PREFACE || this.#hasBegun) return this.reject(rejection)
    const first = Buffer.concat([PREFACE, this.#intake.takeAll() ?? PREFACE.subarray(0, 0)])
    if (this.#host.takeHttp2?.(this, this.#wire, first)) this.#phase = 'closed'
    else this.reject(rejection)
  }

  #begin(head: RequestHead): void {
    this.#hasBegun = true
    this.#flowing = false
    this.#scan = scanOf(head.framing, { limit: this.#host.limits.bodyBytes, pass: 'bytes' })
    this.#phase = this.#scan ? 'body' : 'answer'
    this.#sink = this.#host.begin(this, head)
    this.#sink.start()
  }

  #pass(bytes: Buffer): void {
    const [sink, scan] = [this.#sink, this.#scan]
    if (!sink) return
    if (this.#phase === 'tunnel' || !scan) return sink.requestBytes(bytes)
    const end = scan.scan(bytes)
    if (scan.fault) return sink.requestBroken(scan.fault)
    if (!scan.done) return sink.requestBytes(bytes)
    this.#scan = undefined
    this.#phase = 'answer'
    if (end < bytes.length) this.#intake.add(bytes.subarray(end))
    else this.#read()
    sink.requestBytes(scan.passed(bytes, end))
    if (this.#sink === sink) sink.requestEnd()
  }

  #keep(bytes: Buffer): void {
    this.#intake.add(bytes)
    if (this.#intake.length >= BACKLOG) this.#wire.pause()
  }

  #read(): void {
    this.#wire.resume()
  }

  #linger(): void {
    this.#phase = 'lingering'
    this.#intake.clear()
    this.#sinceMs = performance.now()
    this.#untilMs = this.#sinceMs + LINGER_MS
    this.#wire.end()
    this.#read()
  }

  #gone(): boolean {
    return this.#phase === 'closed' || this.#phase === 'lingering'
  }

  #sweepHead(now: number): void {
    if (this.#sinceMs === NEXT_SWEEP) this.#sinceMs = now
    const waited = now - this.#sinceMs
    if (this.#intake.length > 0) {
      if (waited > this.#host.limits.headMs) this.reject(reject(408, 'the head came too slowly'))
      return
    }
    if (this.#host.leaving) this.#untilMs = turnToGo(this.#host.patienceMs, now, this.#untilMs)
    const told = this.#untilMs > 0 && now > this.#untilMs
    if (told || waited > this.#host.limits.keepAliveMs) this.#linger()
  }

  /** The last answer may still be on its way to a slow client. */
  #sweepLingering(now: number): void {
    const waited = now - this.#sinceMs
    const over = this.#wire.blocked
      ? waited > this.#host.limits.idleMs
      : waited > LINGER_IDLE_MS || now > this.#untilMs
    if (over) this.abort('end')
  }
}
