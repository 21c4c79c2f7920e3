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

/** On the monotonic clock. */
interface Turns {
  readonly fromMs: number
  readonly untilMs: number
  /**
   * Where in its gap the first turn lies, from 0 to 1, and with it all others. Each worker has turns of its own for each
   * instance, often for one connection: all of them together are even only when each begins somewhere else.
   */
  readonly phase: number
}

/** Who stays on one instance. When it drains they stay as they are for a while, and then leave one by one. */
export class Stayers {
  /** How they leave; without it they stay until they end by themselves, or are cut. */
  ending: EndingSpec | undefined
  readonly #staying = new Set<Stayer>()
  #timer: NodeJS.Timeout | undefined
  /** `undefined` while it does not drain. */
  #turns: Turns | undefined
  /** The turns have begun: the next one is a whole gap away. */
  #hasBegun = false
  /** The proxy itself ends: nothing that happens to the instance changes the turns. */
  #isLast = false

  constructor(ending?: EndingSpec) {
    this.ending = ending
  }

  /** Also while it drains: whoever comes late has a turn too, and not at once. */
  add(stayer: Stayer): void {
    this.#staying.add(stayer)
    if (!this.#turns || this.#timer) return
    const now = performance.now()
    this.#hasBegun ||= now >= this.#turns.fromMs
    this.#plan(now)
  }

  delete(stayer: Stayer): void {
    this.#staying.delete(stayer)
  }

  /** The instance drains from now on. Doing it again changes nothing. */
  drain(): void {
    if (this.#turns || !this.ending) return
    const { stayMs, spreadMs } = this.ending
    this.#begin(performance.now() + stayMs, spreadMs)
  }

  /** All leave within so many milliseconds, whatever becomes of the instance: the proxy ends. */
  dismiss(withinMs: number): void {
    this.#isLast = true
    clearTimeout(this.#timer)
    this.#begin(performance.now(), withinMs)
  }

  /** It serves again: whoever is still there stays. */
  serve(): void {
    if (this.#isLast) return
    this.#turns = undefined
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #begin(fromMs: number, spreadMs: number): void {
    const lastMs = spreadMs - Math.min(FAREWELL_MS, spreadMs * FAREWELL_SHARE)
    this.#turns = { fromMs, untilMs: fromMs + lastMs, phase: Math.random() }
    this.#hasBegun = false
    this.#plan(performance.now())
  }

  /** Over those who are left and the time that is left the turns are even, but for a little chance. */
  #plan(now: number): void {
    this.#timer = undefined
    const left = this.#staying.size
    if (!this.#turns || left === 0) return
    const { fromMs, untilMs, phase } = this.#turns
    const gaps = this.#hasBegun ? left + 1 - phase : left
    const each = Math.max(0, untilMs - Math.max(now, fromMs)) / gaps
    const count = Math.ceil(TICK_MS / Math.max(each, TICK_MS / left))
    const lead = this.#hasBegun ? 0.75 + Math.random() / 2 : phase
    const wait = Math.max(0, fromMs - now) + each * (count - 1 + lead)
    this.#timer = setTimeout(() => this.#tell(count), Math.min(wait, Math.max(0, untilMs - now)))
  }

  #tell(count: number): void {
    this.#hasBegun = true
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
