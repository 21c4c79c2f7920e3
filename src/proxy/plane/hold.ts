import type { LimitSpec } from '../../core/service.ts'
import { deadlineMsIn } from '../ending/client-deadline.ts'
import type { RequestHead } from '../http1/request-head.ts'
import type { Tallies } from './tallies.ts'

/** A request that waits for an instance. */
export interface Held {
  readonly head: RequestHead
  /** Tries again, now that it may go. */
  retry(): void
  /** It has waited for long enough. */
  expire(): void
}

/** What a held request takes with it when it has to wait again. */
export interface Place {
  readonly untilMs: number
  readonly bytes: number
}

/** `nobody` may go now; this one has to `stay`, the next one perhaps not. */
export type Verdict = 'go' | 'stay' | 'nobody'

/** So much of a body may wait in memory with its request; the rest stays with the client. */
const BODY_BYTES = 65_536
const MOST_BYTES = 64 * 1024 * 1024

/**
 * Requests that wait, in the order they came. Their number is bounded, their age (by the service, and by what the
 * client says of itself), and the memory they may take.
 */
export class Hold {
  readonly #tallies: Pick<Tallies, 'held' | 'released'>
  readonly #waiting = new Map<Held, Place>()
  #bytes = 0
  #trying: Held | undefined
  #stays = false

  constructor(tallies: Pick<Tallies, 'held' | 'released'>) {
    this.#tallies = tallies
  }

  get size(): number {
    return this.#waiting.size
  }

  /** Waits from now on, or once more with the place it had; `undefined` when there is no room or no time left. */
  add(held: Held, place: Place | undefined, limits: LimitSpec): Place | undefined {
    if (held === this.#trying && place) {
      this.#stays = true
      return place
    }
    const now = performance.now()
    const its = place ?? placeOf(held.head, limits, now)
    const isFull = this.size >= limits.holdRequests || this.#bytes + its.bytes > MOST_BYTES
    if (isFull || now > its.untilMs) return undefined
    if (!place) this.#tallies.held += 1
    this.#waiting.set(held, its)
    this.#bytes += its.bytes
    return its
  }

  /** It waits no more. */
  delete(held: Held): boolean {
    const place = this.#waiting.get(held)
    if (!place) return false
    this.#bytes -= place.bytes
    return this.#waiting.delete(held)
  }

  /** Asks for each of them, first come first, whether it may go. Who still finds no instance keeps its place. */
  letGo(verdictOn: (head: RequestHead) => Verdict): void {
    if (this.#trying) return
    let left = this.size
    for (const held of this.#waiting.keys()) {
      if (left === 0) return
      left -= 1
      const verdict = verdictOn(held.head)
      if (verdict === 'nobody') return
      if (verdict === 'go') this.#try(held)
    }
  }

  sweep(now: number): void {
    for (const [held, { untilMs }] of this.#waiting) if (now > untilMs) held.expire()
  }

  #try(held: Held): void {
    this.#trying = held
    this.#stays = false
    held.retry()
    this.#trying = undefined
    if (!this.#stays && this.delete(held)) this.#tallies.released += 1
  }
}

function placeOf(head: RequestHead, limits: LimitSpec, now: number): Place {
  const untilMs = now + Math.min(limits.holdMs, deadlineMsIn(head))
  return { untilMs, bytes: head.fields.length + bodyBytesOf(head) }
}

function bodyBytesOf({ framing }: RequestHead): number {
  if (framing.kind === 'length') return Math.min(framing.length, BODY_BYTES)
  return framing.kind === 'chunked' ? BODY_BYTES : 0
}
