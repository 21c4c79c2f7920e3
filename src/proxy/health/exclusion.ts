import type { OutlierSpec } from '../../core/balance.ts'
import type { Ejected } from '../../core/traffic.ts'
import { type Ejection, nextEjection } from './ejection.ts'
import { Flapping } from './flapping.ts'

/** Whether one process is out because of how it did, not because of its checks: a check that passes ends nothing. */
export class Exclusion {
  readonly #onChange: () => void
  readonly #flapping = new Flapping()
  #last: Ejection | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  get ejected(): Ejected | undefined {
    if (!this.#timer || !this.#last) return undefined
    const { reason, untilMs } = this.#last
    return { reason, untilMs }
  }

  /** Takes in that it went down by its checks. Says why it should be out for longer, where that was too often. */
  wentDown({ mostMs }: OutlierSpec): string | undefined {
    return this.#flapping.down(Date.now(), mostMs)
  }

  begin(reason: string, spec: OutlierSpec): void {
    this.#hold(nextEjection(this.#last, reason, Date.now(), spec))
    this.#onChange()
  }

  /** Goes on with what an earlier supervisor had begun. */
  resume({ reason, untilMs }: Ejected): void {
    this.#hold({ reason, untilMs, times: 1 })
  }

  end(): void {
    if (!this.#timer) return
    this.close()
    this.#onChange()
  }

  /** Nobody is told. */
  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #hold(ejection: Ejection): void {
    this.#last = ejection
    this.#timer = setTimeout(() => this.end(), Math.max(0, ejection.untilMs - Date.now()))
  }
}
