import { BUCKETS, bucketOf, compactOf, type Histogram } from '../../core/histogram.ts'

/** What came of one kind of answer since it was last taken. */
export class CellCounts {
  readonly #firstByte = new Uint32Array(BUCKETS)
  readonly #whole = new Uint32Array(BUCKETS)
  #changed = false

  /** True when this is the first one since the last taking. */
  add(firstByteMs: number, wholeMs: number): boolean {
    const [first, whole] = [bucketOf(firstByteMs), bucketOf(wholeMs)]
    this.#firstByte[first] = (this.#firstByte[first] ?? 0) + 1
    this.#whole[whole] = (this.#whole[whole] ?? 0) + 1
    if (this.#changed) return false
    this.#changed = true
    return true
  }

  /** Empties it. */
  take(): { readonly firstByte: Histogram; readonly whole: Histogram } {
    const taken = { firstByte: compactOf(this.#firstByte), whole: compactOf(this.#whole) }
    this.#firstByte.fill(0)
    this.#whole.fill(0)
    this.#changed = false
    return taken
  }
}
