import { AssetFallback, type Recipient } from '../assets/asset-fallback.ts'
import { isAsset } from '../assets/is-asset.ts'
import { Attempt } from './attempt.ts'
import type { ClientSide } from './client-side.ts'
import { reasonOf } from './connect-failure.ts'
import { type EventStream, eventStreamOf, type StreamWays } from '../ending/event-stream.ts'
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
import { countAnswer, type Counting } from './tallies.ts'
import { Tunnel } from './tunnel.ts'

/** One request and its answer, from the moment its head is read until both are complete or given up. */
export class Exchange implements RequestSink, Recipient, Held, StreamWays {
  readonly head: RequestHead
  readonly #client: ClientSide
  readonly #service: ServiceContext
  readonly #request: RequestRelay
  #stage: Stage = 'held'
  #attempt: Attempt | undefined
  #counting: Counting | undefined
  /** There are none before the first failure. */
  #retries: Retries | undefined
  /** What the answer of this try must carry. */
  #cookie: string | undefined
  #place: Place | undefined
  /** Only of an answer that has no end of its own. */
  #stream: EventStream | undefined
  #movedAtMs = performance.now()
  #hasMoved = false
  readonly #beganAtMs = this.#movedAtMs
  /** When the head of the answer was there, and its status. */
  #headAtMs: number | undefined
  #status = 0

  constructor(client: ClientSide, head: RequestHead, service: ServiceContext) {
    this.#client = client
    this.head = head
    this.#service = service
    this.#request = new RequestRelay(client, head, service.spool)
  }

  start(): void {
    this.#try(undefined)
  }

  retry(): void {
    this.#moved()
    this.#try(undefined)
  }

  expire(): void {
    this.#refuse('no instance of the application is ready')
  }

  connected(): void {
    this.#stage = 'sent'
    this.#moved()
    if (this.#attempt) this.#request.begin(this.#attempt, this.#service.limits.headBytes)
  }

  connectFailed(code: string): void {
    const pool = this.#attempt?.pool
    const reason = reasonOf(code)
    if (!pool || reason === undefined) return this.#refuse('the proxy cannot open a connection now')
    pool.counting.retried += 1
    this.#attempt?.cancel()
    this.#moved()
    this.#service.unreachable(pool, reason)
    this.#try(pool)
  }

  requestBytes(bytes: Buffer): void {
    this.#moved()
    if (this.#attempt) this.#request.pass(this.#attempt, bytes, this.#service.limits.headBytes)
  }

  requestEnd(): void {
    this.#moved()
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
    this.#moved()
    this.#attempt?.resume()
  }

  instanceDrained(): void {
    this.#moved()
    this.#client.resume()
  }

  answerHead(head: ResponseHead, first: Buffer): void {
    this.#movedAtMs = performance.now()
    if (head.status === 101) return this.#change(head)
    if (head.status < 200) return this.#client.inform(head)
    const answer = this.#answering(head)
    const bytes = this.#streaming(head)?.first(first) ?? first
    if (!this.#client.begin(answer, bytes, this.#request.complete)) this.#attempt?.pause()
  }

  answerWhole(head: ResponseHead, body: string): void {
    this.#movedAtMs = performance.now()
    const answer = this.#answering(head)
    const { complete } = this.#request
    if (this.#client.beginWhole) this.#client.beginWhole(answer, body, complete)
    else this.#client.begin(answer, Buffer.from(body, 'latin1'), complete)
  }

  answerBytes(bytes: Buffer): void {
    this.#moved()
    if (this.#stream) this.#stream.pass(bytes)
    else this.toClient(bytes)
  }

  toClient(bytes: Buffer): void {
    if (!this.#client.write(bytes)) this.#attempt?.pause()
  }

  /** The instance drains, and its stream of events has ended between two of them. */
  ended(): void {
    if (this.#counting) this.#counting.closed += 1
    this.#see(this.#status, performance.now())
    this.#giveUp()
    if (this.#request.complete) this.#client.finish()
    else this.#client.leave()
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
    attempt.cancel()
    this.#moved()
    this.#client.pause()
    if (!attempt.sent) return this.#try(undefined)
    if (!attempt.kept) attempt.pool.answered(0, performance.now())
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
    if (this.#hasMoved) this.#movedAtMs = now
    this.#hasMoved = false
    const waiting = {
      stage: this.#stage,
      requestComplete: this.#request.complete,
      instanceBlocked: this.#attempt?.blocked ?? false,
      clientBlocked: this.#client.blocked,
      endless: this.#stream !== undefined,
      waitedMs: now - this.#movedAtMs,
    }
    const late = overdue(waiting, this.#service.limits)
    if (late) this.#endLate(late)
  }

  /** The answer has begun; what the client is told of it. */
  #answering(head: ResponseHead): ResponseHead {
    this.#stage = 'answering'
    this.#request.settle()
    this.#headAtMs = this.#movedAtMs
    this.#status = head.status
    if (this.#counting) countAnswer(this.#counting, head.status)
    return this.#cookie === undefined ? head : withCookie(head, this.#cookie)
  }

  #streaming(head: ResponseHead): EventStream | undefined {
    this.#stream = eventStreamOf(head, this.#client.pass, this)
    if (!this.#stream) return undefined
    this.#attempt?.pool.stayers.add(this.#stream)
    this.#attempt?.keepAlive()
    this.#client.keepAlive?.()
    return this.#stream
  }

  /** Gives the request to an instance: it runs there from this moment, so that a drain waits for it. */
  #try(not: InstancePool | undefined): void {
    const choice = this.#service.choose(this.head, this.#client.sender, not)
    this.#client.chosen?.(choice)
    if (!choice) return this.#wait()
    const { pool } = choice
    this.#cookie = choice.cookie
    if (this.#counting !== pool.counting) pool.counting.requests += 1
    this.#counting = pool.counting
    this.#stage = 'connecting'
    this.#attempt = this.#attemptAt(pool)
    const withinMs = this.#request.light ? Infinity : pool.surelyOpenMs
    this.#attempt.open(this.#retries?.sentBefore ? NEVER_MS : withinMs, this.#now())
  }

  #attemptAt(pool: InstancePool): Attempt {
    const { assets } = this.#service
    if (assets === undefined || !isAsset(this.head, assets)) return new Attempt(pool, this)
    const asset = { client: this.#client, head: this.head, service: this.#service }
    return new AssetFallback(pool, this, asset).first
  }

  #wait(): void {
    const { hold, limits } = this.#service
    this.#attempt = undefined
    this.#stage = 'held'
    const place = hold.add(this, this.#place, limits)
    if (place) this.#place = place
    else this.expire()
  }

  #change(head: ResponseHead): void {
    const attempt = this.#attempt
    const instance = attempt?.yieldConnection()
    if (!attempt || !instance) return
    this.#stage = 'over'
    countAnswer(attempt.pool.counting, head.status)
    this.#see(head.status, this.#movedAtMs)
    attempt.pool.counting.upgrades += 1
    const answer = this.#cookie === undefined ? head : withCookie(head, this.#cookie)
    new Tunnel(this.#client, instance, attempt.pool, this.#service.limits.idleMs).open(answer)
  }

  #complete(): void {
    this.#stage = 'over'
    const now = this.#now()
    this.#see(this.#status, now)
    if (this.#stream) this.#attempt?.pool.stayers.delete(this.#stream)
    this.#attempt?.complete(now)
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
        return this.#endStalled()
    }
  }

  #endStalled(): void {
    const stage = this.#stage
    this.#giveUp()
    if (stage === 'answered') this.#client.leave()
    else if (stage === 'answering') this.#client.abort()
    else this.#client.reject(reject(408, 'the body came too slowly'))
  }

  /** The instance broke in the middle of its answer. */
  #break(): void {
    if (this.#counting) this.#counting.broken += 1
    this.#see(0, performance.now())
    this.#giveUp()
    this.#client.abort()
  }

  /** The answer is complete, but the rest of the request has nobody to go to. */
  #leave(): void {
    this.#see(this.#status, this.#movedAtMs)
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
    if (this.#counting) this.#counting.failed += 1
    this.#see(0, performance.now())
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
    if (this.#stream) this.#attempt?.pool.stayers.delete(this.#stream)
    this.#attempt?.cancel()
  }

  /** Counts the answer and how long it took; `status` is 0 where the instance owed it. */
  #see(status: number, endedAtMs: number): void {
    const attempt = this.#attempt
    if (!attempt) return
    const firstByteMs = (this.#headAtMs ?? endedAtMs) - this.#beganAtMs
    attempt.pool.sight.count(this.head.method, status, firstByteMs, endedAtMs - this.#beganAtMs)
    // What never reached it says nothing of it.
    if (attempt.sent) attempt.pool.answered(status, endedAtMs)
  }

  /** The clock is asked again only when something has moved since it was asked last. */
  #now(): number {
    if (this.#hasMoved) this.#movedAtMs = performance.now()
    this.#hasMoved = false
    return this.#movedAtMs
  }

  /** When it was is told by the next sweep: to ask the clock each time would cost more than the rest. */
  #moved(): void {
    this.#hasMoved = true
  }
}
