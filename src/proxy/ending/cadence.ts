/** A timer may be so late, and what became due meanwhile is let go together. */
const SLACK_MS = 20

/** Lets at most so many go in a second, evenly: what was not used is not saved up. */
export class Cadence {
  #intervalMs = 0
  #nextMs = 0

  /** There is a limit. */
  get on(): boolean {
    return this.#intervalMs > 0
  }

  /** From one that may go to the next; 0 without a limit. */
  get intervalMs(): number {
    return this.#intervalMs
  }

  /** 0 is no limit. What was taken stays taken. */
  obey(perSecond: number): void {
    this.#intervalMs = perSecond > 0 ? 1000 / perSecond : 0
  }

  /** Whether one more may go now; then it has gone. */
  take(nowMs: number): boolean {
    if (this.#intervalMs === 0) return true
    if (nowMs < this.#nextMs) return false
    this.#nextMs = Math.max(this.#nextMs, nowMs - SLACK_MS) + this.#intervalMs
    return true
  }
}
