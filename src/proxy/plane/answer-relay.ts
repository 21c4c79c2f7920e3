import { type AnswerTerms, CLOSE_LINES, passFor, termsOf } from '../http1/answer-terms.ts'
import { ownAnswer, type OwnAnswer } from '../http1/answers.ts'
import type { ClientConnection } from '../http1/client-connection.ts'
import { answerText, informationText, upgradeLines } from '../http1/forward-head.ts'
import type { RequestHead } from '../http1/request-head.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import type { ServiceContext } from './service-context.ts'

/** The way of an answer to its client, be it an instance's or our own. */
export class AnswerRelay {
  readonly #client: ClientConnection
  readonly #request: RequestHead
  readonly #service: ServiceContext
  #terms: AnswerTerms = { next: 'close', openEnded: false }

  constructor(client: ClientConnection, request: RequestHead, service: ServiceContext) {
    this.#client = client
    this.#request = request
    this.#service = service
  }

  /** The client's connection may carry another request after this answer. */
  get keeps(): boolean {
    return this.#terms.next === 'keep'
  }

  /** What comes before the answer; an HTTP/1.0 client would take it for the answer. */
  inform(head: ResponseHead): void {
    if (this.#request.minor === 1) this.#client.write(informationText(head))
  }

  /** False asks the instance to wait until the client has read. */
  begin(head: ResponseHead, first: Buffer, requestComplete: boolean): boolean {
    const state = { leaving: this.#service.leaving, requestComplete }
    this.#terms = termsOf(this.#request, head, state)
    const persistence = this.keeps ? this.#service.keepAliveLines : CLOSE_LINES
    const lines = head.status === 426 ? persistence + upgradeLines(head) : persistence
    return this.#client.writeHead(answerText(head, lines, passFor(this.#request)), first)
  }

  /** The protocol changes: this was the last of HTTP on the connection. */
  change(head: ResponseHead): void {
    this.#client.write(answerText(head, upgradeLines(head), 'bytes'))
  }

  /** Both the request and the answer are complete. */
  finish(): void {
    this.#client.finish(this.#service.leaving ? 'close' : this.#terms.next)
  }

  /** Breaks off an answer that has begun, so that nobody takes it for whole. */
  abort(): void {
    this.#client.abort(this.#terms.openEnded ? 'reset' : 'end')
  }

  /** Answers in the place of an instance. */
  own(answer: OwnAnswer, requestComplete: boolean): void {
    const { method, keepAlive } = this.#request
    if (!requestComplete || !keepAlive || this.#service.leaving)
      return this.#client.answerLast(answer, method)
    this.#client.write(ownAnswer(answer, method, this.#service.keepAliveLines))
    this.#client.finish('keep')
  }
}
