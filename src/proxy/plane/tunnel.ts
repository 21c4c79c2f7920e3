import type { AnswerSink } from './answer-sink.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import type { ClientSide } from './client-side.ts'
import type { InstanceConnection } from '../http1/instance-connection.ts'
import type { InstancePool } from './instance-pool.ts'
import type { RequestSink } from './request-sink.ts'

/** A connection whose protocol has changed, to WebSocket for one: bytes both ways, each side ends by itself. */
export class Tunnel implements RequestSink, AnswerSink {
  readonly #client: ClientSide
  readonly #instance: InstanceConnection
  readonly #pool: InstancePool
  /** How long one side may stay after the other has ended and nothing moves. An open tunnel may be silent for ever. */
  readonly #idleMs: number
  #clientEnded = false
  #instanceEnded = false
  #over = false
  #movedAtMs = 0

  constructor(
    client: ClientSide,
    instance: InstanceConnection,
    pool: InstancePool,
    idleMs: number,
  ) {
    this.#client = client
    this.#instance = instance
    this.#pool = pool
    this.#idleMs = idleMs
  }

  /** Passes on the answer that changes the protocol, and then bytes. */
  open(head: ResponseHead): void {
    this.#client.change(head, this)
    this.#instance.tunnel(this)
    this.#instance.resume()
    this.#client.resume()
  }

  requestBytes(bytes: Buffer): void {
    this.#movedAtMs = performance.now()
    if (!this.#instance.write(bytes)) this.#client.pause()
  }

  answerBytes(bytes: Buffer): void {
    this.#movedAtMs = performance.now()
    if (!this.#client.write(bytes)) this.#instance.pause()
  }

  clientDrained(): void {
    this.#movedAtMs = performance.now()
    this.#instance.resume()
  }

  instanceDrained(): void {
    this.#movedAtMs = performance.now()
    this.#client.resume()
  }

  requestEnd(): void {
    this.#clientEnded = true
    this.#movedAtMs = performance.now()
    this.#instance.end()
  }

  answerEnd(): void {
    this.#instanceEnded = true
    this.#movedAtMs = performance.now()
    this.#client.end()
  }

  clientGone(): void {
    // Where both have ended, the last bytes may still be on their way to the instance.
    if (!(this.#clientEnded && this.#instanceEnded)) this.#instance.destroy()
    this.#end()
  }

  instanceGone(): void {
    if (this.#over) return
    this.#end()
    if (this.#instanceEnded) this.#client.leave()
    else this.#client.cut()
  }

  sweep(now: number): void {
    if (this.#clientEnded === this.#instanceEnded || now - this.#movedAtMs <= this.#idleMs) return
    this.#instance.destroy()
    this.#end()
    this.#client.cut()
  }

  // The rest belongs to requests and answers, of which there are none here.
  start(): void {}
  requestBroken(): void {}
  connected(): void {}
  connectFailed(): void {}
  answerHead(): void {}
  answerMalformed(): void {}

  #end(): void {
    if (this.#over) return
    this.#over = true
    this.#pool.upgrades -= 1
  }
}
