import { constants, type ServerHttp2Stream } from 'node:http2'
import type { LimitSpec } from '../../core/service.ts'
import type { OwnAnswer } from '../http1/answers.ts'
import { reject, type Rejection } from '../http1/rejection.ts'
import { isComplete, type RequestHead } from '../http1/request-head.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import { strictHead } from '../http1/strict-head.ts'
import type { Sender } from '../entry/sender.ts'
import type { ClientSide } from '../plane/client-side.ts'
import type { RequestSink } from '../plane/request-sink.ts'
import { fieldIn } from '../routing/field-in.ts'
import { fieldPairs, fieldsByName } from './field-pairs.ts'
import { trailerLines } from './field-lines.ts'
import { grpcFields, ownFields } from './own-fields.ts'
import { RequestBody } from './request-body.ts'

/** What a stream asks of its service. */
export interface StreamHost {
  readonly limits: Pick<LimitSpec, 'bodyBytes' | 'idleMs'>
  readonly strictLine: string
  rejected(rejection: Rejection): void
}

/** One request and its answer on a stream of HTTP/2 (RFC 9113 §8.1). */
export class ClientStream implements ClientSide {
  readonly sender: Sender
  readonly protocol = 'HTTP/2'
  readonly pass = 'content'
  /** The other streams go on whatever becomes of this one. */
  readonly keeps = true
  readonly #stream: ServerHttp2Stream
  readonly #head: RequestHead
  readonly #host: StreamHost
  readonly #body: RequestBody
  #sink: RequestSink | undefined
  #trailers = ''
  #isTunnel = false
  #isLeaving = false
  #wasLeft = false
  #leftBytes = -1
  #leftAtMs = 0

  constructor(stream: ServerHttp2Stream, head: RequestHead, sender: Sender, host: StreamHost) {
    this.#stream = stream
    this.#head = head
    this.#host = host
    this.#body = new RequestBody(head.framing, host.limits.bodyBytes)
    this.sender = sender.of(head.claims)
  }

  get blocked(): boolean {
    return this.#stream.writableNeedDrain
  }

  /** The client has reset it before its answer was complete. */
  get wasLeft(): boolean {
    return this.#wasLeft
  }

  /** Feeds `sink` from now on. */
  start(sink: RequestSink): void {
    const stream = this.#stream
    this.#sink = sink
    stream.on('drain', () => this.#sink?.clientDrained())
    stream.on('wantTrailers', () => this.#sendTrailers())
    stream.on('close', () => this.#onClose())
    if (isComplete(this.#head) && this.#head.upgrade === undefined) stream.resume()
    else this.#listen()
    sink.start()
  }

  sweep(now: number): void {
    if (this.#sink) this.#sink.sweep(now)
    else this.#sweepLast(now)
  }

  resume(): void {
    if (this.#stream.isPaused()) this.#stream.resume()
  }

  pause(): void {
    this.#stream.pause()
  }

  inform(head: ResponseHead): void {
    if (this.#gone) return
    this.#stream.additionalHeaders({ ':status': head.status, ...fieldsByName(head.fields) })
  }

  begin(head: ResponseHead, first: Buffer): boolean {
    this.#respond(head)
    return first.length === 0 ? !this.blocked : this.write(first)
  }

  beginWhole(head: ResponseHead, body: string): void {
    this.#respond(head)
    if (!this.#gone && body !== '') this.#stream.end(body, 'latin1')
  }

  /** The bytes of a read are good for a moment only, and a stream keeps what it is given. */
  write(bytes: Buffer): boolean {
    return this.#gone || this.#stream.writableEnded || this.#stream.write(Buffer.from(bytes))
  }

  trailers(lines: string): void {
    this.#trailers = lines
  }

  finish(): void {
    this.#over()
    // To end it twice would make an error, which nobody sees, with all its costs.
    if (!this.#stream.writableEnded) this.#stream.end()
  }

  /** RFC 9113 §8.1: after a whole answer the client is told, without an error, to send no more. */
  leave(): void {
    this.#over()
    this.#isLeaving = true
    const hasEnded = this.#stream.writableFinished
    this.#stream.end()
    if (hasEnded) this.#close()
    else this.#stream.once('finish', () => this.#close())
  }

  abort(): void {
    this.#over()
    this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  }

  own(answer: OwnAnswer, requestComplete: boolean): void {
    const line = `X-Request-Id: ${this.#head.passage.requestId}\r\n${this.#strictLine()}`
    const { pairs, body } = this.#isGrpc()
      ? grpcFields(answer, line)
      : ownFields(answer, this.#head.method, line)
    if (!this.#gone) this.#stream.respond(pairs, { endStream: body === '' })
    if (!this.#gone && body !== '') this.#stream.write(body, 'latin1')
    if (requestComplete) this.finish()
    else this.leave()
  }

  reject(rejection: Rejection): void {
    this.#host.rejected(rejection)
    this.own({ status: rejection.status, text: rejection.reason }, isComplete(this.#head))
  }

  /** RFC 8441 §5: what HTTP/1.1 says with 101 is a plain good answer here. */
  change(head: ResponseHead, sink: RequestSink): void {
    this.#sink = sink
    this.#isTunnel = true
    if (this.#gone) return
    const pairs = fieldPairs(head.fields)
    const at = pairs.indexOf('sec-websocket-accept')
    if (at >= 0) pairs.splice(at, 2)
    this.#stream.respond([':status', '200', ...pairs])
  }

  end(): void {
    this.#stream.end()
  }

  cut(): void {
    this.#over()
    this.#stream.close(constants.NGHTTP2_CANCEL)
  }

  get #gone(): boolean {
    return this.#stream.destroyed || this.#stream.closed
  }

  #listen(): void {
    const stream = this.#stream
    stream.on('data', (bytes: Buffer) => this.#onData(bytes))
    stream.on('end', () => this.#onEnd())
    stream.on('trailers', (_fields, _flags, pairs) => {
      this.#body.trailers = trailerLines(pairs)
    })
    stream.pause()
  }

  #onData(bytes: Buffer): void {
    if (this.#isTunnel) return this.#sink?.requestBytes(bytes)
    const framed = this.#body.framed(bytes)
    if (framed) this.#sink?.requestBytes(framed)
    else this.#sink?.requestBroken(reject(413, 'the body is too large'))
  }

  /** Node ends what it reads also when the stream was reset: that is no end of a body. */
  #onEnd(): void {
    const stream = this.#stream
    if (stream.destroyed || stream.aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR) return
    const last = this.#isTunnel ? undefined : this.#body.end()
    if (last) this.#sink?.requestBytes(last)
    this.#sink?.requestEnd()
  }

  /** The answer is complete, and the client does not take the rest of it. */
  #sweepLast(now: number): void {
    const left = this.#stream.bufferSize
    if (left !== this.#leftBytes) {
      this.#leftBytes = left
      this.#leftAtMs = now
    } else if (now - this.#leftAtMs > this.#host.limits.idleMs)
      this.#stream.close(constants.NGHTTP2_CANCEL)
  }

  #onClose(): void {
    const sink = this.#sink
    this.#wasLeft = sink !== undefined
    this.#sink = undefined
    sink?.clientGone()
  }

  /** Nobody is told more; what the client still sends is read, so that it learns of the end. */
  #over(): void {
    this.#sink = undefined
    this.#stream.resume()
  }

  #respond(head: ResponseHead): void {
    if (this.#gone) return
    const { status, length, framing } = head
    const pairs = [
      ':status',
      String(status),
      ...fieldPairs(strictHead(head, this.#host.strictLine, this.sender).fields),
    ]
    if (length !== undefined && status !== 204) pairs.push('content-length', String(length))
    const endStream = framing.kind === 'none' || (framing.kind === 'length' && framing.length === 0)
    const waitForTrailers = framing.kind === 'chunked'
    this.#stream.respond(pairs, { endStream, waitForTrailers })
  }

  #sendTrailers(): void {
    this.#stream.sendTrailers(fieldsByName(this.#trailers))
    if (this.#isLeaving) this.#close()
  }

  /** A moment later: what was written last is on its way by then. */
  #close(): void {
    setImmediate(() => setImmediate(() => this.#stream.close(constants.NGHTTP2_NO_ERROR)))
  }

  /** RFC 6797 §7.2: over TLS only. */
  #strictLine(): string {
    return this.sender.secure ? this.#host.strictLine : ''
  }

  #isGrpc(): boolean {
    return fieldIn(this.#head.fields, 'content-type')?.startsWith('application/grpc') ?? false
  }
}
