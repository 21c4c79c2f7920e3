import { Attempt } from '../plane/attempt.ts'
import type { AnswerSink } from '../plane/answer-sink.ts'
import type { InstancePool } from '../plane/instance-pool.ts'
import type { ResponseHead } from '../http1/response-head.ts'

export interface SecondAskListener {
  /** There is a connection: the request may be sent over `attempt`. */
  reached(attempt: Attempt): void
  /** It has the file: where the answer goes from now on; `undefined` when nobody wants it any more. */
  found(attempt: Attempt): AnswerSink | undefined
  missed(): void
}

/** The same question to an instance of another release. Its answer counts only when it has the file. */
export class SecondAsk implements AnswerSink {
  readonly #attempt: Attempt
  readonly #listener: SecondAskListener
  readonly #timer: NodeJS.Timeout
  #recipient: AnswerSink | undefined
  #missed = false

  constructor(pool: InstancePool, withinMs: number, listener: SecondAskListener) {
    this.#listener = listener
    this.#attempt = new Attempt(pool, this)
    this.#timer = setTimeout(() => this.#miss(), withinMs)
  }

  open(): void {
    this.#attempt.open(this.#attempt.pool.idle.likelyOpenMs)
  }

  connected(): void {
    this.#listener.reached(this.#attempt)
  }

  connectFailed(): void {
    this.#miss()
  }

  answerHead(head: ResponseHead, first: Buffer): void {
    if (head.status < 200) return
    const has = head.status < 300 || head.status === 304
    if (!has) return this.#miss(isWhole(head, first) ? 'whole' : 'open')
    clearTimeout(this.#timer)
    this.#recipient = this.#listener.found(this.#attempt)
    if (this.#recipient) this.#recipient.answerHead(head, first)
    else this.#attempt.cancel()
  }

  answerBytes(bytes: Buffer): void {
    this.#recipient?.answerBytes(bytes)
  }

  answerTrailers(lines: string): void {
    this.#recipient?.answerTrailers?.(lines)
  }

  answerEnd(): void {
    if (this.#missed) this.#attempt.complete()
    else this.#recipient?.answerEnd()
  }

  answerMalformed(what: string): void {
    if (this.#recipient) this.#recipient.answerMalformed(what)
    else this.#miss()
  }

  instanceGone(): void {
    if (this.#recipient) this.#recipient.instanceGone()
    else this.#miss()
  }

  instanceDrained(): void {
    this.#recipient?.instanceDrained()
  }

  /** The end of an answer that is `whole` follows at once, and its connection can be used again. */
  #miss(answer: 'whole' | 'open' = 'open'): void {
    if (this.#missed) return
    this.#missed = true
    clearTimeout(this.#timer)
    if (answer === 'open') this.#attempt.cancel()
    this.#listener.missed()
  }
}

function isWhole({ framing }: ResponseHead, first: Buffer): boolean {
  if (framing.kind === 'none') return true
  return framing.kind === 'length' && framing.length === first.length
}
