import type { Route } from '../../core/route.ts'
import type { RequestHead } from '../http1/request-head.ts'
import type { Hold, Verdict } from '../plane/hold.ts'
import { isHeldBack } from './held-back.ts'
import { Cadence } from './cadence.ts'
import { Reconnects } from './reconnects.ts'

/** A timer for each of very many would cost more than to let a few go together. */
const EACH_MS = 5
const NOBODY: ReadonlySet<string> = new Set()

/** Who takes requests now. */
export interface Takers {
  readonly anyFree: boolean
}

type Gates = Pick<Route, 'held' | 'ready'>

/** Says which requests of a service have to wait although an instance is ready, and lets go who waits, in order. */
export class Gatehouse {
  /** Some may have to wait. Looked at for each request; while it is off, nothing else is. */
  on = false
  readonly #hold: Hold
  readonly #takers: Takers
  readonly #releases = new Cadence()
  readonly #reconnects = new Reconnects()
  #gates: Gates | undefined
  #draining = NOBODY
  /** It has been let go a moment ago: nothing holds it back again. */
  #released: RequestHead | undefined
  #timer: NodeJS.Timeout | undefined
  /** Somebody would have gone but for the rate. */
  #early = false

  constructor(hold: Hold, takers: Takers) {
    this.#hold = hold
    this.#takers = takers
  }

  apply(route: Route, workers: number): void {
    this.#gates = { ready: route.ready, ...(route.held && { held: route.held }) }
    this.#releases.obey((route.limits.releasedPerSecond ?? 0) / workers)
    this.#noticeDrains(route, workers)
    this.#refresh(performance.now())
    this.wake()
  }

  /** Whether it has to wait although an instance is ready. */
  holdsBack(head: RequestHead): boolean {
    if (head === this.#released) return false
    if (this.#gates && isHeldBack(head, this.#gates)) return true
    const now = performance.now()
    if (!this.#reconnects.concerns(head, now)) return false
    if (this.#hold.size === 0 && this.#reconnects.take(now)) return false
    this.#again()
    return true
  }

  /** Somebody became ready: lets go who waits, at the rate of the service. */
  wake(): void {
    if (this.#hold.size === 0) return
    this.#letGo((head) => this.#paced(head))
  }

  /** One of the full instances has room again, so its own pace is that of the service. */
  freed(): void {
    if (this.#hold.size > 0) this.#letGo((head) => this.#verdict(head))
  }

  sweep(now: number): void {
    this.#hold.sweep(now)
    this.#refresh(now)
  }

  #letGo(verdict: (head: RequestHead) => Verdict): void {
    this.#early = false
    this.#hold.letGo((head) => {
      const found = verdict(head)
      this.#released = found === 'go' ? head : undefined
      return found
    })
    this.#released = undefined
    if (this.#early && this.#hold.size > 0) this.#again()
  }

  #paced(head: RequestHead): Verdict {
    const verdict = this.#verdict(head)
    if (verdict !== 'go' || this.#releases.take(performance.now())) return verdict
    this.#early = true
    return 'nobody'
  }

  #verdict(head: RequestHead): Verdict {
    if (!this.#takers.anyFree) return 'nobody'
    if (this.#gates && isHeldBack(head, this.#gates)) return 'stay'
    const now = performance.now()
    if (!this.#reconnects.concerns(head, now) || this.#reconnects.take(now)) return 'go'
    this.#early = true
    return 'stay'
  }

  #again(): void {
    if (this.#timer) return
    const intervals = [this.#releases.intervalMs, this.#reconnects.intervalMs].filter(Boolean)
    const wait = Math.max(EACH_MS, Math.min(...intervals))
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.wake()
    }, wait)
  }

  #noticeDrains({ instances, traffic }: Route, workers: number): void {
    const draining = instances.filter((each) => each.state === 'draining')
    if (draining.length === 0) {
      this.#draining = NOBODY
      return
    }
    const keys = draining.map((each) => `${each.id}\n${each.generation}`)
    const isNews = keys.some((key) => !this.#draining.has(key))
    this.#draining = new Set(keys)
    if (isNews && traffic?.ending) {
      this.#reconnects.begin(traffic.ending, workers, performance.now())
    }
  }

  #refresh(now: number): void {
    this.on = this.#gates?.held !== undefined || this.#reconnects.expected(now)
  }
}
