import type { Recipient } from '../assets/asset-fallback.ts'
import { firstAttempt } from '../assets/first-attempt.ts'
import { Account } from './account.ts'
import { Attempt } from './attempt.ts'
import type { ClientSide } from './client-side.ts'
import { reasonOf } from './connect-failure.ts'
import { type EventStream, streamOf, type StreamWays } from '../ending/event-stream.ts'
import type { Held, Place } from './hold.ts'
import type { InstancePool } from './instance-pool.ts'
import { NEVER_MS } from './patience.ts'
import { type Overdue, overdue, type Stage } from './overdue.ts'
import { reject, type Rejection } from '../http1/rejection.ts'
import type { RequestHead } from '../http1/request-head.ts'
import { RequestRelay } from './request-relay.ts'
import type { RequestSink } from './request-sink.ts'
import { Retries } from './retries.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import { withCookie } from '../routing/with-cookie.ts'
import type { ServiceContext } from './service-context.ts'
import { Tunnel } from './tunnel.ts'

/** One request and its answer, from the moment its head is read until both are complete or given up. */
export class Exchange implements RequestSink, Recipient, Held, StreamWays {
  readonly head: RequestHead
  readonly #client: ClientSide
  readonly #service: ServiceContext
  readonly #request: RequestRelay
  readonly #account: Account
  #stage: Stage = 'held'
  #attempt: Attempt | undefined
  /** There are none before the first failure. */
  #retries: Retries | undefined
  /** What the answer of this try must carry. */
  #cookie: string | undefined
  #place: Place | undefined
  #stream: EventStream | undefined

  constructor(client: ClientSide, head: RequestHead, service: ServiceContext) {
    this.#client = client
    this.head = head
    this.#service = service
    this.#request = new RequestRelay(client, head, service.spool)
    this.#account = new Account(head, client, service.tallies.sight.incidents)
  }

  start(): void {
    this.#try(undefined)
  }

  retry(): void {
    this.#account.moved()
    this.#try(undefined)
  }

  expire(): void {
    this.#refuse('no instance of the application can take it now')
  }

  connected(): void {
    this.#stage = 'sent'
    this.#account.moved()
    if (this.#attempt) this.#request.begin(this.#attempt, this.#service.limits.headBytes)
  }

  connectFailed(code: string): void {
    const pool = this.#attempt?.pool
    const reason = reasonOf(code)
    if (!pool || reason === undefined) return this.#refuse('the proxy cannot open a connection now')
    pool.counting.retried += 1
    this.#attempt?.cancel()
    this.#account.moved()
    this.#service.unreachable(pool, reason)
    this.#try(pool)
  }

  requestBytes(bytes: Buffer): void {
    this.#account.moved()
    if (this.#attempt) this.#request.pass(this.#attempt, bytes, this.#service.limits.headBytes)
  }

  requestEnd(): void {
    this.#account.moved()
    this.#request.end()
    if (this.#stage === 'answered') this.#complete()
  }

  requestBroken(rejection: Rejection): void {
    const begun = this.#stage === 'answering' || this.#stage === 'answered'
    this.#giveUp()
    if (begun) this.#client.abort()
    else this.#client.reject(rejection)
  }

  clientGone(): void {
    this.#giveUp()
  }

  clientDrained(): void {
    this.#account.moved()
    this.#attempt?.resume()
  }

  instanceDrained(): void {
    this.#account.moved()
    this.#client.resume()
  }

  answerHead(head: ResponseHead, first: Buffer): void {
    this.#account.movedNow()
    if (head.status === 101) return this.#change(head)
    if (head.status < 200) return this.#client.inform(head)
    const answer = this.#answering(head)
    this.#stream = this.#attempt && streamOf(head, this.#client, this.#attempt, this)
    const bytes = this.#stream?.first(first) ?? first
    if (!this.#client.begin(answer, bytes, this.#request.complete)) this.#attempt?.pause()
  }

  answerWhole(head: ResponseHead, body: string): void {
    this.#account.movedNow()
    const answer = this.#answering(head)
    if (this.#client.beginWhole) this.#client.beginWhole(answer, body, this.#request.complete)
    else this.#client.begin(answer, Buffer.from(body, 'latin1'), this.#request.complete)
  }

  answerBytes(bytes: Buffer): void {
    this.#account.moved()
    if (this.#stream) this.#stream.pass(bytes)
    else this.toClient(bytes)
  }

  toClient(bytes: Buffer): void {
    if (!this.#client.write(bytes)) this.#attempt?.pause()
  }

  ended(): void {
    this.#account.count('closed')
    if (this.#request.complete) this.#complete()
    else this.#leave()
  }

  answerTrailers(lines: string): void {
    this.#client.trailers?.(lines)
  }

  answerEnd(): void {
    this.#stage = 'answered'
    if (this.#request.complete) return this.#complete()
    // The instance has answered early and may still read the rest.
    if (!this.#attempt?.reusable || !this.#client.keeps) this.#leave()
  }

  answerMalformed(): void {
    this.#fail(502, 'the answer of the application cannot be understood')
  }

  instanceGone(): void {
    if (this.#stage === 'answered') return this.#leave()
    if (this.#stage === 'answering') return this.#break()
    const attempt = this.#attempt
    this.#retries ??= new Retries(this.#service.retries, this.#request)
    if (!attempt || !this.#retries.allow(attempt)) return this.#brokeOff(attempt)
    if (!attempt.blameless) attempt.pool.answered(0, performance.now())
    attempt.cancel()
    this.#account.moved()
    this.#client.pause()
    if (!attempt.sent) return this.#try(undefined)
    attempt.pool.counting.retried += 1
    this.#try(attempt.pool)
  }

  get over(): boolean {
    return this.#stage === 'over'
  }

  swap(attempt: Attempt): void {
    this.#attempt = attempt
  }

  sweep(now: number): void {
    const waiting = {
      stage: this.#stage,
      requestComplete: this.#request.complete,
      instanceBlocked: this.#attempt?.blocked ?? false,
      clientBlocked: this.#client.blocked,
      endless: this.#stream !== undefined,
      waitedMs: this.#account.waitedMs(now),
    }
    const late = overdue(waiting, this.#service.limits)
    if (late) this.#endLate(late)
  }

  /** The answer has begun; what the client is told of it. */
  #answering(head: ResponseHead): ResponseHead {
    this.#stage = 'answering'
    this.#request.settle()
    this.#account.answered(head.status)
    return this.#cookie === undefined ? head : withCookie(head, this.#cookie)
  }

  /** Gives the request to an instance: it runs there from this moment, so that a drain waits for it. */
  #try(not: InstancePool | undefined): void {
    const choice = this.#service.choose(this.head, this.#client.sender, not)
    this.#client.chosen?.(choice)
    if (!choice) return this.#wait()
    const { pool } = choice
    this.#cookie = choice.cookie
    this.#account.give(choice)
    this.#stage = 'connecting'
    this.#attempt = this.#attemptAt(pool)
    const withinMs = this.#request.light ? Infinity : pool.idle.surelyOpenMs
    this.#attempt.open(this.#retries?.sentBefore ? NEVER_MS : withinMs, this.#account.movedAtMs)
  }

  #attemptAt(pool: InstancePool): Attempt {
    if (this.#service.assets === undefined) return new Attempt(pool, this)
    const asset = { client: this.#client, head: this.head, service: this.#service }
    return firstAttempt(pool, this, asset)
  }

  #wait(): void {
    this.#attempt = undefined
    this.#stage = 'held'
    this.#place = this.#service.hold.add(this, this.#place, this.#service.limits)
    if (!this.#place) this.expire()
  }

  #change(head: ResponseHead): void {
    const attempt = this.#attempt
    const instance = attempt?.yieldConnection()
    if (!attempt || !instance) return
    const answer = this.#answering(head)
    this.#stage = 'over'
    this.#account.end(attempt)
    this.#account.count('upgrades')
    new Tunnel(this.#client, instance, attempt.pool, this.#service.limits.idleMs).open(answer)
  }

  #complete(): void {
    this.#stage = 'over'
    this.#account.end(this.#attempt)
    this.#stream?.stop()
    this.#attempt?.complete(this.#account.movedAtMs)
    this.#client.finish()
  }

  #endLate(late: Overdue): void {
    switch (late) {
      case 'connect':
        return this.connectFailed('ETIMEDOUT')
      case 'answer':
        return this.#fail(504, 'the application did not answer in time')
      case 'instance':
        return this.#break()
      case 'client':
        if (this.#stage === 'answered') return this.#leave()
        return this.requestBroken(reject(408, 'the body came too slowly'))
    }
  }

  /** The instance broke in the middle of its answer. */
  #break(): void {
    this.#account.owe(this.#attempt, 'broken')
    this.#giveUp()
    this.#client.abort()
  }

  /** The answer is complete, but the rest of the request has nobody to go to. */
  #leave(): void {
    this.#account.end(this.#attempt)
    this.#giveUp()
    this.#client.leave()
  }

  /** A body that was not whole yet was of no use to an instance that had to end: it may be sent again. */
  #brokeOff(attempt: Attempt | undefined): void {
    const isCut = !this.#request.complete && attempt?.pool.serving === false
    if (isCut) return this.#fail(503, 'the application ended while the request was coming')
    this.#fail(502, 'the application broke off before it answered')
  }

  #fail(status: 502 | 503 | 504, text: string): void {
    this.#account.owe(this.#attempt, 'failed')
    this.#giveUp()
    this.#client.own({ status, text }, this.#request.complete)
  }

  #refuse(text: string): void {
    this.#service.tallies.refused += 1
    this.#giveUp()
    this.#client.own({ status: 503, text }, this.#request.complete)
  }

  #giveUp(): void {
    this.#stage = 'over'
    this.#request.settle()
    this.#service.hold.delete(this)
    this.#stream?.stop()
    this.#attempt?.cancel()
  }
}
