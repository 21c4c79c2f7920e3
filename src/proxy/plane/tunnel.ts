import type { Stayer } from '../ending/stayers.ts'
import { type Ways, WebSocketClosing } from '../ending/web-socket.ts'
import type { AnswerSink } from './answer-sink.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import type { ClientSide } from './client-side.ts'
import type { InstanceLink } from './instance-link.ts'
import type { InstancePool } from './instance-pool.ts'
import type { RequestSink } from './request-sink.ts'

/** How long the other side may take to say its last, once its turn to leave has come. */
const ANSWER_MS = 3000
/** How long an instance may take to close after that. */
const LINGER_MS = 2000

/** A connection whose protocol has changed, to WebSocket for one: bytes both ways, each side ends by itself. */
export class Tunnel implements RequestSink, AnswerSink, Stayer, Ways {
  readonly #client: ClientSide
  readonly #instance: InstanceLink
  readonly #pool: InstancePool
  /** How long one side may stay after the other has ended and nothing moves. An open tunnel may be silent for ever. */
  readonly #idleMs: number
  #webSocket: WebSocketClosing | undefined
  #clientEnded = false
  #instanceEnded = false
  /** `leaving`: both sides know, and one of them has not said its last. */
  #state: 'open' | 'leaving' | 'over' = 'open'
  #timer: NodeJS.Timeout | undefined
  #movedAtMs = 0

  constructor(client: ClientSide, instance: InstanceLink, pool: InstancePool, idleMs: number) {
    this.#client = client
    this.#instance = instance
    this.#pool = pool
    this.#idleMs = idleMs
  }

  /** Passes on the answer that changes the protocol, and then bytes. */
  open(head: ResponseHead): void {
    if (head.upgrade?.toLowerCase() === 'websocket') this.#webSocket = new WebSocketClosing(this)
    this.#client.change(head, this)
    this.#instance.tunnel(this)
    this.#pool.stayers.add(this)
    this.#instance.resume()
    this.#client.resume()
  }

  requestBytes(bytes: Buffer): void {
    this.#movedAtMs = performance.now()
    if (this.#webSocket) this.#webSocket.fromClient(bytes)
    else if (!this.#clientEnded) this.toInstance(bytes)
  }

  answerBytes(bytes: Buffer): void {
    this.#movedAtMs = performance.now()
    if (this.#webSocket) this.#webSocket.fromInstance(bytes)
    else this.toClient(bytes)
  }

  toInstance(bytes: Buffer): void {
    if (!this.#instance.write(bytes)) this.#client.pause()
  }

  toClient(bytes: Buffer): void {
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
    if (this.#webSocket && this.#state === 'leaving') return this.#webSocket.finish()
    this.#clientEnded = true
    this.#movedAtMs = performance.now()
    this.#instance.end()
  }

  answerEnd(): void {
    this.#instanceEnded = true
    this.#movedAtMs = performance.now()
    if (this.#state === 'open') this.#client.end()
  }

  clientGone(): void {
    if (this.#webSocket && this.#state === 'leaving') return this.#webSocket.finish()
    // Where both have ended, the last bytes may still be on their way to the instance.
    if (!(this.#clientEnded && this.#instanceEnded)) this.#instance.destroy()
    this.#end()
  }

  instanceGone(): void {
    if (this.#state === 'over') return
    const isExpected = this.#instanceEnded || this.#state === 'leaving'
    this.#end()
    if (isExpected) this.#client.leave()
    else this.#client.cut()
  }

  /** A WebSocket ends by its protocol. Of others the instance is told that the client has said its last. */
  leave(): void {
    if (this.#webSocket?.readable) return this.#webSocket.leave()
    this.#webSocket = undefined
    this.#clientEnded = true
    this.#client.pause()
    this.#instance.end()
    this.closing()
  }

  closing(): void {
    this.#state = 'leaving'
    this.#pool.counting.closed += 1
    const finish = () => (this.#webSocket ? this.#webSocket.finish() : this.closed())
    this.#timer = setTimeout(finish, ANSWER_MS)
  }

  closed(): void {
    clearTimeout(this.#timer)
    this.#client.leave()
    this.#instance.end()
    this.#instance.resume()
    this.#timer = setTimeout(() => this.#giveUp(), LINGER_MS)
  }

  sweep(now: number): void {
    const isHalfOpen = this.#state === 'open' && this.#clientEnded !== this.#instanceEnded
    if (!isHalfOpen || now - this.#movedAtMs <= this.#idleMs) return
    this.#giveUp()
    this.#client.cut()
  }

  // The rest belongs to requests and answers, of which there are none here.
  start(): void {}
  requestBroken(): void {}
  connected(): void {}
  connectFailed(): void {}
  answerHead(): void {}
  answerMalformed(): void {}

  #giveUp(): void {
    this.#instance.destroy()
    this.#end()
  }

  #end(): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    clearTimeout(this.#timer)
    this.#pool.stayers.delete(this)
    this.#pool.upgrades -= 1
  }
}
