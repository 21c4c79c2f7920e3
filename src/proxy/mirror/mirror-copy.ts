import { requestText, type Sender } from '../http1/forward-head.ts'
import type { RequestHead } from '../http1/request-head.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import type { AnswerSink } from '../plane/answer-sink.ts'
import { Attempt } from '../plane/attempt.ts'
import type { InstancePool } from '../plane/instance-pool.ts'
import { withCookie } from '../routing/with-cookie.ts'
import { KeptAnswer } from './kept-answer.ts'

export interface CopiedRequest {
  readonly head: RequestHead
  /** As it is sent, in its chunks when it is chunked. */
  readonly body: Buffer
  readonly sender: Sender
  /** What the proxy adds to the user's answer; the copy's is compared as if it had it too. */
  readonly cookie: string | undefined
}

export interface CopyOptions {
  readonly headBytes: number
  /** Of the answer's body no more is kept. */
  readonly bodyBytes: number
  /** `undefined`: there was no answer that can be compared. */
  readonly onEnd: (answer: KeptAnswer | undefined) => void
}

/** So that an application can tell copies, and leave alone what must not happen twice. */
const MARK = 'X-Midflight-Mirror: 1\r\n'

/** One copy of a request on its way to an instance, and its answer, which nobody gets. */
export class MirrorCopy implements AnswerSink {
  readonly #request: CopiedRequest
  readonly #options: CopyOptions
  readonly #attempt: Attempt
  readonly #beganAtMs = performance.now()
  #answer: KeptAnswer | undefined
  #over = false

  constructor(pool: InstancePool, request: CopiedRequest, options: CopyOptions) {
    this.#request = request
    this.#options = options
    this.#attempt = new Attempt(pool, this)
  }

  send(): void {
    this.#attempt.open(this.#attempt.pool.idle.likelyOpenMs)
  }

  cancel(): void {
    this.#over = true
    this.#attempt.cancel()
  }

  connected(): void {
    const { head, body, sender } = this.#request
    const text = requestText({ ...head, fields: head.fields + MARK }, sender)
    const { headBytes } = this.#options
    const { method } = head
    this.#attempt.send({ method, upgrade: undefined, pass: 'content', headBytes }, text, body)
  }

  connectFailed(): void {
    this.#end(undefined)
  }

  answerHead(head: ResponseHead, first: Buffer): void {
    if (head.status < 200) return
    const headMs = performance.now() - this.#beganAtMs
    const { cookie } = this.#request
    const told = cookie === undefined ? head : withCookie(head, cookie)
    this.#answer = new KeptAnswer(told, { headMs, pass: 'content', most: this.#options.bodyBytes })
    this.answerBytes(first)
  }

  answerBytes(bytes: Buffer): void {
    this.#answer?.keep(bytes)
    if (this.#answer?.tooLarge) this.#end(this.#answer)
  }

  answerEnd(): void {
    if (this.#over) return
    this.#attempt.complete()
    this.#end(this.#answer)
  }

  answerMalformed(): void {
    this.#end(undefined)
  }

  instanceGone(): void {
    this.#end(undefined)
  }

  instanceDrained(): void {}

  /** A connection that was given back already is not touched. */
  #end(answer: KeptAnswer | undefined): void {
    if (this.#over) return
    this.cancel()
    this.#options.onEnd(answer)
  }
}
