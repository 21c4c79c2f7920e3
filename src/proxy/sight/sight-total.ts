import { addTo, BUCKETS, compactOf, sizeOf } from '../../core/histogram.ts'
import type { Sight, SightCell } from '../../core/sight.ts'
import { RateWindow } from './rate-window.ts'

type Kind = Pick<SightCell, 'methods' | 'status'>

interface CellTotal extends Kind {
  readonly firstByte: Float64Array
  readonly whole: Float64Array
  changedAt: number
}

/** All that was seen of a release or an instance, by kind of answer. */
export class SightTotal {
  readonly #cells = new Map<string, CellTotal>()
  readonly #answers = new RateWindow()
  readonly #errors = new RateWindow()

  /** `cursor` is the reading in which this will be new. */
  add(cell: SightCell, cursor: number, nowMs: number): void {
    this.restore(cell, cursor)
    const count = sizeOf(cell.whole)
    this.#answers.add(count, nowMs)
    if (cell.status === 0 || cell.status === 5) this.#errors.add(count, nowMs)
  }

  /** As `add`, of what came long ago. */
  restore(cell: SightCell, cursor: number): void {
    const total = this.#totalOf(cell)
    total.changedAt = cursor
    addTo(total.firstByte, cell.firstByte)
    addTo(total.whole, cell.whole)
  }

  /** Of cells only those that changed after `cursor`, each with all that was ever in it. */
  since(cursor: number, nowMs: number): Sight {
    const changed = [...this.#cells.values()].filter((cell) => cell.changedAt > cursor)
    return {
      perSecond: this.#answers.perSecond(nowMs),
      errorsPerSecond: this.#errors.perSecond(nowMs),
      cells: changed.map(({ methods, status, firstByte, whole }) => ({
        methods,
        status,
        firstByte: compactOf(firstByte),
        whole: compactOf(whole),
      })),
    }
  }

  #totalOf({ methods, status }: Kind): CellTotal {
    const key = `${methods} ${status}`
    const known = this.#cells.get(key)
    if (known) return known
    const [firstByte, whole] = [new Float64Array(BUCKETS), new Float64Array(BUCKETS)]
    const total = { methods, status, firstByte, whole, changedAt: 0 }
    this.#cells.set(key, total)
    return total
  }
}
