/** Checks that run at once: a start with thousands of instances must not open as many connections. */
const AT_ONCE = 64
/** More checks than this a second would cost the better part of a core, whatever each instance asked for. */
const PER_SECOND = 500

/** Keeps the checks of all instances together from costing more than traffic may lose. */
export class CheckPace {
  readonly #instances: () => number
  readonly #waiting: (() => void)[] = []
  #running = 0

  /** `instances` tells how many are checked. */
  constructor(instances: () => number) {
    this.#instances = instances
  }

  /** How long one instance waits between its checks: as it asked, or longer where there are too many of them. */
  everyMs(askedMs: number): number {
    return Math.max(askedMs, (this.#instances() / PER_SECOND) * 1000)
  }

  /** Begins the check when it is its turn. */
  async run<T>(check: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else this.#running += 1
    try {
      return await check()
    } finally {
      // Whoever waits takes the place over, so that it is not counted anew.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }
}
