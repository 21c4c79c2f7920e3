/** Checks that run at once: a start with thousands of instances must not open as many connections. */
const AT_ONCE = 64
/** More checks than this a second would cost the better part of a core, whatever each instance asked for. */
const PER_SECOND = 500
/** Where many begin together they may take more of it for the while, and leave room for whoever gives orders. */
const TICK_MS = 2
const PER_TICK = 4

/** How many instances are checked. */
export interface Crowds {
  readonly all: () => number
  /** Those that fail and never were up: they ask to be checked often. */
  readonly failing: () => number
}

/** Before all that only take their turn: an instance that may be ready, and a new one when few are new. */
export type Urgency = 'soon' | 'in turn'

/** Keeps the checks of all instances together from costing more than traffic may lose. */
export class CheckPace {
  readonly #crowds: Crowds
  readonly #soon: (() => void)[] = []
  readonly #inTurn: (() => void)[] = []
  #running = 0
  /** How many may begin before the next tick. */
  #left = AT_ONCE
  #timer: NodeJS.Timeout | undefined

  constructor(crowds: Crowds) {
    this.#crowds = crowds
  }

  /** How long one instance waits between its checks: as it asked, or longer where there are too many in its crowd. */
  everyMs(askedMs: number, crowd: keyof Crowds): number {
    return Math.max(askedMs, (this.#crowds[crowd]() / PER_SECOND) * 1000)
  }

  /** Begins the check when it is its turn. */
  async run<T>(check: () => Promise<T>, urgency: Urgency): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const queue = urgency === 'soon' ? this.#soon : this.#inTurn
    queue.push(resolve)
    this.#admit()
    await promise
    try {
      return await check()
    } finally {
      this.#running -= 1
      this.#admit()
    }
  }

  #admit(): void {
    while (this.#running < AT_ONCE && this.#left > 0) {
      const begin = this.#soon.shift() ?? this.#inTurn.shift()
      if (!begin) return
      this.#running += 1
      this.#left -= 1
      this.#timer ??= setInterval(() => this.#tick(), TICK_MS)
      begin()
    }
  }

  /** A tick that comes late, because the process is busy, makes up for nothing. */
  #tick(): void {
    this.#left = Math.min(AT_ONCE, this.#left + PER_TICK)
    this.#admit()
    if (this.#left < AT_ONCE) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
