import { RecentSum } from './recent-sum.ts'

const WINDOW_MS = 10_000
/** From here on there is as good as nobody to compare with. */
const AS_GOOD_AS_ALL = 0.999
/** With fewer answers the share of them is mostly chance. */
const ENOUGH = 50

/** How the answers were shared in the last seconds. */
export class Flow {
  readonly #candidate = new RecentSum(WINDOW_MS)
  readonly #stable = new RecentSum(WINDOW_MS)

  add(candidate: number, stable: number, nowMs: number): void {
    this.#candidate.add(candidate, nowMs)
    this.#stable.add(stable, nowMs)
  }

  /**
   * The candidate's share: what the route says, or more where rules and users that stay give it more. To take too much of
   * it for granted only makes a verdict later, never wrong. 1 when there is nobody to compare with.
   */
  share(routed: number): number {
    const candidate = this.#candidate.value
    const all = candidate + this.#stable.value
    const share = all < ENOUGH ? routed : Math.max(routed, candidate / all)
    return share < AS_GOOD_AS_ALL ? share : 1
  }
}
