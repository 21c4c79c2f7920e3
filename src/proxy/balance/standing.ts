import { isDeepStrictEqual } from 'node:util'
import type { BalanceSpec } from '../../core/balance.ts'
import type { HealthMark } from '../plane/data-plane-port.ts'
import { OutlierWatch } from './outlier-watch.ts'
import { slowStart } from './slow-start.ts'

/** What one worker holds for and against one process: whether requests may go there, how many, and how large a share. */
export class Standing {
  /** How many requests this worker may have on it at once. */
  most: number = Infinity
  /** Only where outliers are looked for. */
  watch: OutlierWatch | undefined
  #mark: Pick<HealthMark, 'health' | 'unreachable' | 'ejected'> = { health: 'unproven' }
  #spec: BalanceSpec | undefined
  #readySinceMs = 0

  /** Its checks pass, and real requests do not fail on it. */
  get good(): boolean {
    return this.#mark.health === 'up' && this.#mark.ejected === undefined
  }

  /**
   * It is not good, but was once, and a connection can be made to it: better than nobody. One that never was up may not
   * even be what it is thought to be; one that refuses connections has nothing to lose by waiting for another.
   */
  get acceptable(): boolean {
    return this.#mark.health !== 'unproven' && !this.#mark.unreachable
  }

  get warmAtMs(): number {
    return this.#readySinceMs + (this.#spec?.slowStartMs ?? 0)
  }

  shareAt(nowMs: number): number {
    return slowStart(this.#readySinceMs, nowMs, this.#spec?.slowStartMs ?? 0)
  }

  /** Whether the mark says anything new. What it did before it was out does not count once it is back. */
  learn({ health, unreachable, ejected }: HealthMark, nowMs: number): 'news' | 'known' {
    const wasGood = this.good
    const mark = { health, ...(unreachable && { unreachable }), ...(ejected && { ejected }) }
    if (isDeepStrictEqual(mark, this.#mark)) return 'known'
    this.#mark = mark
    if (this.good && !wasGood) {
      this.#readySinceMs = nowMs
      this.watch?.forget()
    }
    return 'news'
  }

  /** It left the route: whatever comes to its place begins without a past. */
  leave(): void {
    this.#mark = { health: 'unproven' }
  }

  /**
   * A limit is for all workers together, and each keeps to its part without asking the others: whole requests, so a
   * limit below the number of workers allows one in each.
   */
  obey(spec: BalanceSpec | undefined, workers: number): void {
    const limit = spec?.requestsPerInstance ?? 0
    this.most = limit === 0 ? Infinity : Math.max(1, Math.floor(limit / workers))
    if (!isDeepStrictEqual(spec?.outliers, this.#spec?.outliers))
      this.watch = spec?.outliers && new OutlierWatch(spec.outliers)
    this.#spec = spec
  }
}
