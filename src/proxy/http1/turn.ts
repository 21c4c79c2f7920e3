import type { ClientSide } from '../plane/client-side.ts'
import type { RequestSink } from '../plane/request-sink.ts'
import { type AnswerTerms, CLOSE_LINES, passFor, termsOf } from './answer-terms.ts'
import { ownAnswer, type OwnAnswer } from './answers.ts'
import type { ClientConnection } from './client-connection.ts'
import { answerText, informationText, type Sender, upgradeLines } from './forward-head.ts'
import type { Rejection } from './rejection.ts'
import type { RequestHead } from './request-head.ts'
import type { ResponseHead } from './response-head.ts'
import { strictHead } from './strict-head.ts'

/** What a service says to the clients that are kept. */
export interface Persistence {
  /** Clients are told to go. */
  readonly leaving: boolean
  /** The lines that tell a client how long its connection is kept. */
  readonly keepAliveLines: string
  /** The line that tells a client to come over TLS only; empty when it may come as it likes. */
  readonly strictLine: string
}

/** One request and its answer on an HTTP/1 connection, until the next one has its turn. */
export class Http1Turn implements ClientSide {
  readonly sender: Sender
  readonly pass: 'bytes' | 'content'
  readonly #client: ClientConnection
  readonly #request: RequestHead
  readonly #service: Persistence
  #terms: AnswerTerms = { next: 'close', openEnded: false }

  constructor(client: ClientConnection, request: RequestHead, service: Persistence) {
    this.#client = client
    this.#request = request
    this.#service = service
    this.sender = client.sender.of(request.claims)
    this.pass = passFor(request)
  }

  get blocked(): boolean {
    return this.#client.blocked
  }

  get keeps(): boolean {
    return this.#terms.next === 'keep'
  }

  keepAlive(): void {
    this.#client.keepAlive()
  }

  resume(): void {
    this.#client.resume()
  }

  pause(): void {
    this.#client.pause()
  }

  /** An HTTP/1.0 client would take it for the answer. */
  inform(head: ResponseHead): void {
    if (this.#request.minor === 1) this.#client.write(informationText(head))
  }

  begin(head: ResponseHead, first: Buffer, requestComplete: boolean): boolean {
    return this.#client.writeHead(this.#textOf(head, requestComplete), first)
  }

  beginWhole(head: ResponseHead, body: string, requestComplete: boolean): void {
    this.#client.write(this.#textOf(head, requestComplete) + body)
  }

  write(bytes: Buffer): boolean {
    return this.#client.writeBytes(bytes)
  }

  /** As the client was told, also when clients are told to go since: its next request may be on its way. */
  finish(): void {
    this.#client.finish(this.#terms.next)
  }

  leave(): void {
    this.#client.leave()
  }

  abort(): void {
    this.#client.abort(this.#terms.openEnded ? 'reset' : 'end')
  }

  own(answer: OwnAnswer, requestComplete: boolean): void {
    const { method, keepAlive } = this.#request
    if (!requestComplete || !keepAlive || this.#service.leaving)
      return this.#client.answerLast(answer, method, this.#ownLines())
    const lines = this.#ownLines() + this.#service.keepAliveLines
    this.#client.write(ownAnswer(answer, method, lines))
    this.#client.finish('keep')
  }

  reject(rejection: Rejection): void {
    this.#client.reject(rejection, this.#ownLines())
  }

  /** This was the last of HTTP on the connection. */
  change(head: ResponseHead, sink: RequestSink): void {
    this.#client.write(answerText(head, upgradeLines(head), 'bytes'))
    this.#client.tunnel(sink)
  }

  end(): void {
    this.#client.end()
  }

  cut(): void {
    this.#client.abort('end')
  }

  #textOf(head: ResponseHead, requestComplete: boolean): string {
    const state = { leaving: this.#service.leaving, requestComplete }
    this.#terms = termsOf(this.#request, head, state)
    const persistence = this.keeps ? this.#service.keepAliveLines : CLOSE_LINES
    const lines = head.status === 426 ? persistence + upgradeLines(head) : persistence
    return answerText(strictHead(head, this.#service.strictLine, this.sender), lines, this.pass)
  }

  /** On answers of the proxy's own: by its id the request is found again. */
  #ownLines(): string {
    return `X-Request-Id: ${this.#request.passage.requestId}\r\n${this.#strictLine()}`
  }

  /** RFC 6797 §7.2: over TLS only. */
  #strictLine(): string {
    return this.sender.secure ? this.#service.strictLine : ''
  }
}
