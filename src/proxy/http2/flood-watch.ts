/** How often in one second a client may do what costs it nothing. */
const MOST = { reset: 200, ping: 50, settings: 20 } as const

const WINDOW_MS = 1000

/** Counts what a well-behaved client does now and then, and a hostile one all the time (CVE-2023-44487 and its kin). */
export class FloodWatch {
  readonly #counts = { reset: 0, ping: 0, settings: 0 }
  #sinceMs = 0

  /** True when it is too much. */
  exceeds(what: keyof typeof MOST, nowMs: number = performance.now()): boolean {
    if (nowMs - this.#sinceMs > WINDOW_MS) {
      this.#sinceMs = nowMs
      this.#counts.reset = 0
      this.#counts.ping = 0
      this.#counts.settings = 0
    }
    this.#counts[what] += 1
    return this.#counts[what] > MOST[what]
  }
}
