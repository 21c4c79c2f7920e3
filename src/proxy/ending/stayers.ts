import type { EndingSpec } from '../../core/service.ts'

/** A connection or an answer that has no end of its own. */
export interface Stayer {
  /** Its turn to leave has come. */
  leave(): void
}

/** Turns that are closer together than this are taken together. */
const TICK_MS = 4
/** The last ones need time to take their leave within the spread: so much, or this share of it. */
const FAREWELL_MS = 1000
const FAREWELL_SHARE = 0.2

/** Who stays on one instance. When it drains they stay as they are for a while, and then leave one by one. */
export class Stayers {
  /** How they leave; without it they stay until they end by themselves, or are cut. */
  ending: EndingSpec | undefined
  readonly #staying = new Set<Stayer>()
  #timer: NodeJS.Timeout | undefined
  /** When the turns begin and end, on the monotonic clock; `undefined` while it does not drain. */
  #turns: { readonly fromMs: number; readonly untilMs: number } | undefined

  /** Also while it drains: whoever comes late has a turn too. */
  add(stayer: Stayer): void {
    this.#staying.add(stayer)
    if (this.#turns && !this.#timer) this.#plan(performance.now())
  }

  delete(stayer: Stayer): void {
    this.#staying.delete(stayer)
  }

  /** The instance drains from now on. Doing it again changes nothing. */
  drain(): void {
    if (this.#turns || !this.ending) return
    const { stayMs, spreadMs } = this.ending
    const fromMs = performance.now() + stayMs
    const lastMs = spreadMs - Math.min(FAREWELL_MS, spreadMs * FAREWELL_SHARE)
    this.#turns = { fromMs, untilMs: fromMs + lastMs }
    this.#plan(performance.now())
  }

  /** It serves again: whoever is still there stays. */
  serve(): void {
    this.#turns = undefined
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Over those who are left and the time that is left the next turns are even, but for a little chance. */
  #plan(now: number): void {
    this.#timer = undefined
    if (!this.#turns || this.#staying.size === 0) return
    const { fromMs, untilMs } = this.#turns
    const each = Math.max(0, untilMs - Math.max(now, fromMs)) / this.#staying.size
    const count = Math.ceil(TICK_MS / Math.max(each, TICK_MS / this.#staying.size))
    const wait = Math.max(0, fromMs - now) + each * count * (0.75 + Math.random() / 2)
    this.#timer = setTimeout(() => this.#tell(count), Math.min(wait, Math.max(0, untilMs - now)))
  }

  #tell(count: number): void {
    let left = count
    for (const stayer of this.#staying) {
      if (left === 0) break
      left -= 1
      this.#staying.delete(stayer)
      stayer.leave()
    }
    this.#plan(performance.now())
  }
}
