/** Calls `visit` a few times a second with the monotonic time, so that no request needs a timer of its own. */
export class Sweep {
  readonly #visit: (now: number) => void
  readonly #everyMs: number
  #timer: NodeJS.Timeout | undefined
  #lastMs = 0

  constructor(everyMs: number, visit: (now: number) => void) {
    this.#everyMs = everyMs
    this.#visit = visit
  }

  start(): void {
    this.#lastMs = performance.now()
    this.#timer ??= setInterval(() => this.#tick(), this.#everyMs).unref()
  }

  /** From now on the process waits for it. */
  ref(): void {
    this.#timer?.ref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** After a standstill of the process what has come meanwhile is read first: it may not be late at all. */
  #tick(): void {
    const now = performance.now()
    const late = now - this.#lastMs > 4 * this.#everyMs
    this.#lastMs = now
    if (!late) this.#visit(now)
  }
}
