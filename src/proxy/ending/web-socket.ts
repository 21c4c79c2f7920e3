import { goingAwayFrame, restartFrame } from './close-frame.ts'
import { Frames } from './frames.ts'

/** Where the two directions of a WebSocket go. */
export interface Ways {
  toClient(bytes: Buffer): void
  toInstance(bytes: Buffer): void
  /** The Close has been sent to the client: its answer is waited for, but not for ever. */
  closing(): void
  /** All is said. */
  closed(): void
}

/**
 * A WebSocket that can be closed as its protocol wants it (RFC 6455 §7.1): by a Close between two messages. The client
 * answers with its own Close after all it has sent, and that one is passed on, so the instance loses no message.
 */
export class WebSocketClosing {
  readonly #ways: Ways
  readonly #fromClient = new Frames()
  readonly #fromInstance = new Frames()
  #state: 'open' | 'waiting' | 'closing' | 'over' = 'open'

  constructor(ways: Ways) {
    this.#ways = ways
  }

  /** Where messages end can be told in both directions. */
  get readable(): boolean {
    return !this.#fromClient.lost && !this.#fromInstance.lost
  }

  /** Closes it as soon as nobody is in the middle of a message. */
  leave(): void {
    this.#state = 'waiting'
    this.#closeBetween()
  }

  fromClient(bytes: Buffer): void {
    if (this.#state === 'over') return
    this.#fromClient.follow(bytes)
    this.#ways.toInstance(bytes)
    if (this.#state === 'waiting') this.#closeBetween()
    else if (this.#state === 'closing' && this.#fromClient.closed) this.finish()
  }

  fromInstance(bytes: Buffer): void {
    if (this.#state === 'waiting') return this.#passToEnd(bytes)
    if (this.#state !== 'open') return
    this.#fromInstance.follow(bytes)
    this.#ways.toClient(bytes)
  }

  /** Waits for the client no more. */
  finish(): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    const { closed, between } = this.#fromClient
    if (!closed && between) this.#ways.toInstance(goingAwayFrame())
    this.#ways.closed()
  }

  /** A stream of messages without a pause is left between two of them. */
  #passToEnd(bytes: Buffer): void {
    let end = this.#fromInstance.toMessageEnd(bytes, 0)
    while (end >= 0 && end < bytes.length && !this.#fromClient.between)
      end = this.#fromInstance.toMessageEnd(bytes, end)
    this.#ways.toClient(end >= 0 ? bytes.subarray(0, end) : bytes)
    this.#closeBetween()
  }

  /** Who has begun to close by itself needs no second word, and may get none. */
  #closeBetween(): void {
    if (!this.#fromClient.between || !this.#fromInstance.between) return
    const begun = this.#fromClient.closed || this.#fromInstance.closed
    this.#state = begun ? 'open' : 'closing'
    if (!begun) this.#ways.toClient(restartFrame())
    this.#ways.closing()
  }
}
