import { constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import type { Question } from '../http1/answer-reader.ts'
import { scanOf } from '../http1/body-framing.ts'
import type { BodyScan } from '../http1/body-scan.ts'
import type { AnswerSink } from '../plane/answer-sink.ts'
import type { InstanceLink } from '../plane/instance-link.ts'
import { AnswerBody } from './answer-body.ts'
import { fieldsByName } from './field-pairs.ts'
import { readAnswer } from './read-answer.ts'
import { requestFields } from './request-fields.ts'

/** What a stream knows of the session it is on. */
export interface StreamCarrier {
  readonly session: ClientHttp2Session
  /** Streams above this were not looked at, as the instance said when it left. */
  readonly lastId: number
  over(stream: InstanceStream): void
  /** It takes no more streams; those that run go on. */
  leave(): void
}

const UNLIMITED = Number.MAX_SAFE_INTEGER

/** One request and its answer on a stream to an instance that speaks HTTP/2. */
export class InstanceStream implements InstanceLink {
  readonly #carrier: StreamCarrier
  #sink: AnswerSink | undefined
  #stream: ClientHttp2Stream | undefined
  #question: Question | undefined
  #scan: BodyScan | undefined
  #body: AnswerBody | undefined
  #heard = false
  #refused = false
  #answered = false

  constructor(carrier: StreamCarrier, sink: AnswerSink) {
    this.#carrier = carrier
    this.#sink = sink
  }

  get blocked(): boolean {
    return this.#stream?.writableNeedDrain ?? false
  }

  get heard(): boolean {
    return this.#heard
  }

  get reusable(): boolean {
    return this.#answered && this.#stream?.closed === false
  }

  get open(): boolean {
    return this.#sink !== undefined
  }

  get refused(): boolean {
    return this.#refused
  }

  /** The session is there. */
  connected(): void {
    this.#sink?.connected()
  }

  connectFailed(code: string): void {
    this.#end()?.connectFailed(code)
  }

  /** The session broke before the request was sent. */
  lost(): void {
    if (this.#stream) return
    this.#refused = true
    this.#end()?.instanceGone()
  }

  send(question: Question, head: string, body: Buffer): boolean {
    const { pairs, framing } = requestFields(head)
    this.#question = question
    this.#scan = scanOf(framing, { limit: UNLIMITED, pass: 'content' })
    const options = { endStream: !this.#scan, waitForTrailers: framing.kind === 'chunked' }
    const stream = this.#request(pairs, options)
    if (!stream) return true
    this.#stream = stream
    this.#listen(stream)
    return body.length === 0 || this.write(body)
  }

  /** The bytes of a read are good for a moment only, and a stream keeps what it is given. */
  write(bytes: Buffer): boolean {
    const [stream, scan] = [this.#stream, this.#scan]
    if (!stream || !scan || stream.destroyed || stream.writableEnded) return true
    const content = scan.passed(bytes, scan.scan(bytes))
    const clear = content.length === 0 || stream.write(Buffer.from(content))
    if (scan.done) stream.end()
    return clear
  }

  /** The session asks by itself whether the instance is still there. */
  keepAlive(): void {}

  pause(): void {
    this.#stream?.pause()
  }

  resume(): void {
    this.#stream?.resume()
  }

  /** An instance that speaks HTTP/2 is not asked to change it. */
  tunnel(): void {}

  end(): void {
    this.#stream?.end()
  }

  destroy(): void {
    this.#end()
    const stream = this.#stream
    // Of one that is complete on both sides a reset would only count against us.
    if (!stream || stream.closed || (this.#answered && stream.writableEnded)) return
    stream.resume()
    stream.close(this.#answered ? constants.NGHTTP2_NO_ERROR : constants.NGHTTP2_CANCEL)
  }

  /**
   * Throws for a field that HTTP/2 does not have. On a session that has just ended some versions of Node 24 throw too,
   * others end the stream (nodejs/node#63412): nothing was sent.
   */
  #request(
    pairs: string[],
    options: { readonly endStream: boolean; readonly waitForTrailers: boolean },
  ): ClientHttp2Stream | undefined {
    const { session } = this.#carrier
    try {
      return session.request(pairs, options)
    } catch {
      const isOver = session.closed || session.destroyed
      setImmediate(() => {
        if (isOver) this.lost()
        else this.#end()?.answerMalformed('the request has no form in HTTP/2')
      })
      return undefined
    }
  }

  #listen(stream: ClientHttp2Stream): void {
    // 'close' always follows and tells all that matters, but that a session has no number left for a stream.
    stream.on('error', (error: Error & { readonly code?: string }) => {
      if (error.code === 'ERR_HTTP2_OUT_OF_STREAMS') this.#carrier.leave()
    })
    stream.on('close', () => this.#onClose(stream))
    stream.on('drain', () => this.#sink?.instanceDrained())
    stream.on('wantTrailers', () => stream.sendTrailers(fieldsByName(this.#scan?.trailers ?? '')))
    stream.on('headers', (_fields, _flags, pairs) => this.#onHead(pairs, 'more'))
    stream.on('response', (_fields, flags, pairs) => {
      const ended = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0
      this.#onHead(pairs, ended ? 'ended' : 'more')
    })
    stream.on('trailers', (_fields, _flags, pairs) => this.#body?.keep(pairs))
    stream.on('data', (bytes: Buffer) => this.#onData(bytes))
    stream.on('end', () => this.#onEnd(stream))
  }

  #onHead(pairs: readonly string[], what: 'more' | 'ended'): void {
    const [sink, question] = [this.#sink, this.#question]
    if (!sink || !question) return
    this.#heard = true
    const head = readAnswer(pairs, what === 'ended', question)
    if (typeof head === 'string') return this.#malformed(head)
    if (head.status >= 200) this.#body = new AnswerBody(head.framing, question.pass)
    sink.answerHead(head, Buffer.alloc(0))
  }

  #malformed(what: string): void {
    const sink = this.#sink
    this.destroy()
    sink?.answerMalformed(what)
  }

  #onData(bytes: Buffer): void {
    const framed = this.#body?.framed(bytes)
    if (framed) this.#sink?.answerBytes(framed)
  }

  /** Node ends what it reads also when the stream was reset: that is no end of an answer. */
  #onEnd(stream: ClientHttp2Stream): void {
    const body = this.#body
    if (!body?.whole || stream.rstCode !== constants.NGHTTP2_NO_ERROR) return
    this.#answered = true
    const sink = this.#sink
    const last = body.end()
    if (last) sink?.answerBytes(last)
    else if (body.trailers !== '') sink?.answerTrailers?.(body.trailers)
    sink?.answerEnd()
  }

  #onClose(stream: ClientHttp2Stream): void {
    this.#refused =
      !this.#heard &&
      (stream.id === undefined ||
        stream.id > this.#carrier.lastId ||
        stream.rstCode === constants.NGHTTP2_REFUSED_STREAM)
    const sink = this.#end()
    if (!this.#answered) sink?.instanceGone()
  }

  /** Nobody is told more. */
  #end(): AnswerSink | undefined {
    const sink = this.#sink
    this.#sink = undefined
    this.#carrier.over(this)
    return sink
  }
}
