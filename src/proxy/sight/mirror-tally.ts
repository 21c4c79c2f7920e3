import type { Difference, MirrorSample, MirrorSight } from '../../core/sight.ts'
import { CellCounts } from './cell-counts.ts'
import { SAMPLES } from './plus-mirror.ts'

type Happening = 'sent' | 'same' | 'failed' | 'dropped' | 'uncompared'

const NONE = { sent: 0, same: 0, failed: 0, dropped: 0, uncompared: 0 }
const ALIKE: Record<Difference, number> = { status: 0, fields: 0, body: 0 }

/** What one worker's mirror found out since that was last taken. */
export class MirrorTally {
  #counts = { ...NONE }
  #differ = { ...ALIKE }
  #samples: MirrorSample[] = []
  /** Most services have no mirror. */
  #times: CellCounts | undefined
  #changed = false

  count(what: Happening): void {
    this.#changed = true
    this.#counts[what] += 1
  }

  /** How long a user and a copy waited for the head of the answer. */
  time(userMs: number, copyMs: number): void {
    this.#changed = true
    this.#times ??= new CellCounts()
    this.#times.add(userMs, copyMs)
  }

  differ(sample: MirrorSample): void {
    this.#changed = true
    for (const difference of sample.differ) this.#differ[difference] += 1
    this.#samples.push(sample)
    if (this.#samples.length > SAMPLES) this.#samples.shift()
  }

  /** `undefined` when nothing happened. */
  take(): MirrorSight | undefined {
    if (!this.#changed) return undefined
    const times = this.#times?.take()
    const taken = {
      ...this.#counts,
      differ: this.#differ,
      times: { users: times?.firstByte ?? [], copies: times?.whole ?? [] },
      samples: this.#samples,
    }
    this.#counts = { ...NONE }
    this.#differ = { ...ALIKE }
    this.#samples = []
    this.#changed = false
    return taken
  }
}
