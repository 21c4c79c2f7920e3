import type { AnswerSink } from '../plane/answer-sink.ts'
import { Attempt } from '../plane/attempt.ts'
import type { ClientSide } from '../plane/client-side.ts'
import type { InstancePool } from '../plane/instance-pool.ts'
import { RequestRelay } from '../plane/request-relay.ts'
import type { ServiceContext } from '../plane/service-context.ts'
import type { RequestHead } from '../http1/request-head.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import { KeptAnswer } from './kept-answer.ts'
import { SecondAsk, type SecondAskListener } from './second-ask.ts'

/** The exchange whose answer is looked for. */
export interface Recipient extends AnswerSink {
  /** Nobody waits for an answer any more. */
  readonly over: boolean
  /** From now on the answer comes by this attempt; the one before is its owner's to end. */
  swap(attempt: Attempt): void
}

export interface Asset {
  readonly client: ClientSide
  readonly head: RequestHead
  readonly service: ServiceContext
}

/** A 404 waits for the other release at most this long, or half of `answerMs`; of a long one no more than this is kept. */
const LONGEST_MS = 2000
const MOST_KEPT = 65_536

/**
 * Stands between the first instance that is asked for a file and the exchange: while a page of one release loads, the
 * next request may reach the other one, which lacks the page's files. A 404 is kept back until an instance of another
 * release was asked; what that one has, the user gets, and else the 404. For what is counted of releases the request
 * stays the first one's.
 */
export class AssetFallback implements AnswerSink, SecondAskListener {
  readonly first: Attempt
  readonly #recipient: Recipient
  readonly #asset: Asset
  #kept: KeptAnswer | undefined

  constructor(pool: InstancePool, recipient: Recipient, asset: Asset) {
    this.#recipient = recipient
    this.#asset = asset
    this.first = new Attempt(pool, this)
  }

  connected(): void {
    this.#recipient.connected()
  }

  connectFailed(code: string): void {
    this.#recipient.connectFailed(code)
  }

  answerHead(head: ResponseHead, first: Buffer): void {
    const other = head.status === 404 ? this.#other() : undefined
    if (!other) return this.#recipient.answerHead(head, first)
    const { limits, tallies } = this.#asset.service
    tallies.sight.fallbacksAsked += 1
    this.#kept = new KeptAnswer(head, first)
    new SecondAsk(other, Math.min(LONGEST_MS, limits.answerMs / 2), this).open()
  }

  answerBytes(bytes: Buffer): void {
    if (!this.#kept) return this.#recipient.answerBytes(bytes)
    this.#kept.keep(bytes)
    if (this.#kept.size > MOST_KEPT) this.first.pause()
  }

  answerTrailers(lines: string): void {
    if (!this.#kept) this.#recipient.answerTrailers?.(lines)
  }

  answerEnd(): void {
    if (!this.#kept) return this.#recipient.answerEnd()
    this.#kept.complete = true
    this.#kept.endWith((sink) => sink.answerEnd())
  }

  answerMalformed(what: string): void {
    if (!this.#kept) return this.#recipient.answerMalformed(what)
    this.#kept.endWith((sink) => sink.answerMalformed(what))
  }

  instanceGone(): void {
    if (!this.#kept) return this.#recipient.instanceGone()
    this.#kept.endWith((sink) => sink.instanceGone())
  }

  instanceDrained(): void {
    this.#recipient.instanceDrained()
  }

  reached(attempt: Attempt): void {
    const { client, head, service } = this.#asset
    new RequestRelay(client, head, service.spool).begin(attempt, service.limits.headBytes)
  }

  found(attempt: Attempt): AnswerSink | undefined {
    if (this.#recipient.over) return undefined
    this.#asset.service.tallies.sight.fallbacksFound += 1
    this.#recipient.swap(attempt)
    if (this.#kept?.complete) this.first.complete()
    else this.first.cancel()
    return this.#recipient
  }

  missed(): void {
    const kept = this.#kept
    this.#kept = undefined
    if (!kept || this.#recipient.over) return
    kept.tell(this.#recipient)
    if (kept.size > MOST_KEPT && !this.#recipient.over) this.first.resume()
  }

  #other(): InstancePool | undefined {
    const { instances } = this.#asset.service
    const own = this.first.pool.release
    const release = instances.pinnable(undefined).find((each) => each.release !== own)
    return release && instances.pick(release)
  }
}
