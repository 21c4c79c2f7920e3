import { mergedOf, percentileOf, sizeOf } from '../../core/histogram.ts'
import type { Route } from '../../core/route.ts'
import type { Sight, SightCell } from '../../core/sight.ts'

/** Of fewer answers nobody can say what is usual. */
const ENOUGH = 300

/** From where on an answer is slow: later than this share of the old release's. Drawn once, so that both meet the same line. */
export class SlowLine {
  readonly #share: number
  readonly #cells = new Map<string, SightCell>()
  #ms: number | undefined

  constructor(share: number) {
    this.#share = share
  }

  /** What was seen of the old release; tells whether the line could be drawn just now. */
  see(sight: Sight | undefined): boolean {
    if (this.#ms !== undefined || !sight) return false
    for (const cell of sight.cells) this.#cells.set(`${cell.methods} ${cell.status}`, cell)
    const all = mergedOf([...this.#cells.values()].map((cell) => cell.firstByte))
    if (sizeOf(all) < ENOUGH) return false
    this.#ms = percentileOf(all, this.#share)
    return this.#ms !== undefined
  }

  /** The line that this rollout drew already, before another controller took it over. */
  keep(ms: number | undefined): void {
    this.#ms = ms
  }

  drawnIn(route: Route): Route {
    return this.#ms === undefined ? route : { ...route, slowMs: this.#ms }
  }
}
