import type { ReleaseId } from '../core/names.ts'
import { Growth } from './growth.ts'

/** One sample may be an outlier. */
const RECENT = 5

interface Beginning {
  readonly release: ReleaseId
  /** How old its process is at the first sample. */
  readonly ageMs: number
  readonly nowMs: number
}

/** What one instance used of one thing, as far as it says whether that grows. */
export class WatchedInstance {
  readonly release: ReleaseId
  readonly #bornMs: number
  #growth = new Growth()
  #recent: readonly number[] = []
  #left = Infinity

  constructor({ release, ageMs, nowMs }: Beginning) {
    this.release = release
    this.#bornMs = nowMs - ageMs
  }

  /** `left` is how much more there is. */
  add(value: number, left: number, nowMs: number): void {
    this.#recent = [...this.#recent, value].slice(-RECENT)
    this.#left = left
    this.#growth.add({ ageMs: nowMs - this.#bornMs, value })
  }

  /** What grew until now grew for a reason. */
  beginAnew(): void {
    this.#growth = new Growth()
  }

  get growth(): Growth {
    return this.#growth
  }

  get left(): number {
    return this.#left
  }

  get last(): number {
    return this.#recent.at(-1) ?? 0
  }

  /** The middle one of the last few. */
  get level(): number {
    return this.#recent.toSorted((a, b) => a - b)[this.#recent.length >> 1] ?? 0
  }
}
