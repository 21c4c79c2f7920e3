/** No idle time is below this: a new connection is opened instead. */
export const NEVER_MS = -1
/** A connection used longer ago than this is never sure to be open. */
export const RECENT_MS = 1000
/** An instance that closes idle connections so early may be closing any of them now. */
const EARLY_MS = 200
/** What an instance says of its idle time it begins to count before we do. */
const MARGIN_MS = 1000
const MOST_IDLE = 1024
/** While requests that must not be sent twice open new connections, the idle ones would pile up. */
const MOST_UNSURE = 256

/**
 * How long an instance keeps idle connections, by what it says and by what was seen of it. It belongs to one process of
 * an instance: nothing is forgotten while that lives, and nothing is applied to the next one.
 */
export class Patience {
  /** A connection idle for at most this is surely open; below 0 none is. */
  sureMs: number = NEVER_MS
  /** One idle for longer may be closed by now: what has come on it is read before it is used. */
  riskyMs: number = Infinity
  /** So many idle connections are kept at most. */
  mostIdle: number = MOST_UNSURE
  #isTrusted = true
  #keptMs = 0
  #closedAfterMs = Infinity

  /** A connection was idle for so long, and still open. */
  kept(idleMs: number): void {
    if (idleMs <= this.#keptMs) return
    this.#keptMs = idleMs
    this.#learn()
  }

  /** With an answer it said how long it keeps the connection. */
  told(keepAliveMs: number): void {
    if (keepAliveMs !== Infinity) this.kept(keepAliveMs - MARGIN_MS)
  }

  /** It closed a connection that was idle for so long. */
  closed(idleMs: number): void {
    if (idleMs >= this.#closedAfterMs) return
    this.#closedAfterMs = idleMs
    this.#learn()
  }

  /** It sent bytes on an idle connection: none is kept any more. */
  spokeUnasked(): void {
    this.#isTrusted = false
    this.#learn()
  }

  #learn(): void {
    this.riskyMs = this.#closedAfterMs / 2
    const sure = Math.min(RECENT_MS, this.#keptMs, this.riskyMs)
    this.sureMs = this.#closedAfterMs < EARLY_MS || sure <= 0 ? NEVER_MS : sure
    this.mostIdle = this.sureMs < 0 ? MOST_UNSURE : MOST_IDLE
    if (!this.#isTrusted) this.mostIdle = 0
  }
}
