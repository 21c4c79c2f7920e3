const SECONDS = 10

/** How many of something come in a second, over the last ten seconds. */
export class RateWindow {
  readonly #counts = new Float64Array(SECONDS)
  #second = 0

  /** `nowMs` by a clock that does not jump. */
  add(count: number, nowMs: number): void {
    const at = this.#turnTo(nowMs)
    this.#counts[at] = (this.#counts[at] ?? 0) + count
  }

  perSecond(nowMs: number): number {
    this.#turnTo(nowMs)
    return this.#counts.reduce((sum, count) => sum + count, 0) / SECONDS
  }

  #turnTo(nowMs: number): number {
    const second = Math.floor(nowMs / 1000)
    const passed = Math.min(SECONDS, second - this.#second)
    for (let back = 0; back < passed; back += 1) this.#counts[(second - back) % SECONDS] = 0
    this.#second = Math.max(second, this.#second)
    return this.#second % SECONDS
  }
}
