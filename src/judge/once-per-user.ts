/** How many users are remembered; beyond that nobody new is counted. */
const MOST = 20_000

/**
 * Lets each user through once in a while. A user who meets an error tends to meet several, so they come in bursts: counted
 * each by itself, they are no independent evidence, and equal releases are told apart by chance in a fifth of all runs.
 */
export class OncePerUser {
  readonly #windowMs: number
  /** When each was let through, oldest first. */
  readonly #lastMs = new Map<string, number>()

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /** Whether this user was not let through within the window. Times never go back. */
  lets(user: string, nowMs: number): boolean {
    this.#forget(nowMs)
    if (this.#lastMs.has(user) || this.#lastMs.size >= MOST) return false
    this.#lastMs.set(user, nowMs)
    return true
  }

  #forget(nowMs: number): void {
    for (const [user, lastMs] of this.#lastMs) {
      if (nowMs - lastMs < this.#windowMs) return
      this.#lastMs.delete(user)
    }
  }
}
