import type { ClientSide } from '../plane/client-side.ts'
import type { RequestSink } from '../plane/request-sink.ts'
import { type AnswerTerms, CLOSE_LINES, passFor, termsOf } from './answer-terms.ts'
import { ownAnswer, type OwnAnswer } from './answers.ts'
import type { ClientConnection } from './client-connection.ts'
import { answerText, informationText, type Sender, upgradeLines } from './forward-head.ts'
import type { Rejection } from './rejection.ts'
import type { RequestHead } from './request-head.ts'
import type { ResponseHead } from './response-head.ts'

/** What a service says to the clients that are kept. */
export interface Persistence {
  /** Clients are told to go. */
  readonly leaving: boolean
  /** The lines that tell a client how long its connection is kept. */
  readonly keepAliveLines: string
}

/** One request and its answer on an HTTP/1 connection, until the next one has its turn. */
export class Http1Turn implements ClientSide {
  readonly pass: 'bytes' | 'content'
  readonly #client: ClientConnection
  readonly #request: RequestHead
  readonly #service: Persistence
  #terms: AnswerTerms = { next: 'close', openEnded: false }

  constructor(client: ClientConnection, request: RequestHead, service: Persistence) {
    this.#client = client
    this.#request = request
    this.#service = service
    this.pass = passFor(request)
  }

  get sender(): Sender {
    return this.#client.sender
  }

  get blocked(): boolean {
    return this.#client.blocked
  }

  get keeps(): boolean {
    return this.#terms.next === 'keep'
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
    const state = { leaving: this.#service.leaving, requestComplete }
    this.#terms = termsOf(this.#request, head, state)
    const persistence = this.keeps ? this.#service.keepAliveLines : CLOSE_LINES
    const lines = head.status === 426 ? persistence + upgradeLines(head) : persistence
    return this.#client.writeHead(answerText(head, lines, this.pass), first)
  }

  write(bytes: Buffer): boolean {
    return this.#client.writeBytes(bytes)
  }

  finish(): void {
    this.#client.finish(this.#service.leaving ? 'close' : this.#terms.next)
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
      return this.#client.answerLast(answer, method)
    this.#client.write(ownAnswer(answer, method, this.#service.keepAliveLines))
    this.#client.finish('keep')
  }

  reject(rejection: Rejection): void {
    this.#client.reject(rejection)
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
}
