import type { Route, RouteInstance } from '../../core/route.ts'
import type { Random } from '../balance/candidate.ts'
import type { Crossed } from '../balance/outlier-watch.ts'
import { Spread } from '../balance/spread.ts'
import { takersOf, type Takers } from '../balance/takers.ts'
import { chooseRelease, type ReadyRelease } from './choose.ts'
import type { HealthMark, Outlier, Running } from './data-plane-port.ts'
import { InstancePool, type PoolListener } from './instance-pool.ts'
import { countingOf, type Tallies } from './tallies.ts'

type Ready = ReadyRelease<InstancePool>

export interface InstanceSetListener {
  /** An instance that was full can take one more request. */
  freed(): void
  /** Requests fail on one instance, and on another one of its release they do not. */
  outlier(outlier: Outlier): void
}

/** The instances of a service, and which of them can take a request now. */
export class InstanceSet {
  readonly #tallies: Tallies
  readonly #random: Random
  /** By id and generation: nothing learned of one process is applied to the next at its address. */
  readonly #pools = new Map<string, InstancePool>()
  readonly #listener: InstanceSetListener
  readonly #poolListener: PoolListener = {
    freed: () => this.#listener.freed(),
    failing: (pool, crossed, nowMs) => this.#suspect(pool, crossed, nowMs),
  }
  readonly #spread: Spread<InstancePool>
  #weights: Route['weights'] = {}
  #takers: Takers<InstancePool> = { weighted: [], all: [] }

  constructor(tallies: Tallies, random: Random, listener: InstanceSetListener) {
    this.#tallies = tallies
    this.#listener = listener
    this.#random = random
    this.#spread = new Spread(random)
  }

  /** Somebody can take one more request. */
  get anyFree(): boolean {
    return this.#takers.all.some(hasRoom)
  }

  /** An instance for one request, by weight and load. `not` only when there is no other; none when all are full. */
  choose(not: InstancePool | undefined): InstancePool | undefined {
    const others = not ? without(this.#takers.weighted, not) : this.#takers.weighted
    const release = chooseRelease(others, this.#random)
    const pool = release && this.pick(release)
    if (pool) return pool
    const roomy = chooseRelease(others.filter(hasRoom), this.#random)
    if (roomy) return this.pick(roomy)
    return not && !not.full && this.#takes(not) ? not : undefined
  }

  /** All releases with an instance that can take a request now, also without weight. `not` only when there is no other. */
  pinnable(not: InstancePool | undefined): readonly Ready[] {
    if (!not) return this.#takers.all
    const others = without(this.#takers.all, not)
    return others.some((release) => release.weight > 0) ? others : this.#takers.all
  }

  /** One instance of a release: the preferred one, else by the policy of the service; none when all are full. */
  pick(release: Ready, preferred?: InstancePool): InstancePool | undefined {
    return this.#spread.pick(release, preferred)
  }

  /** `workers` of them carry this traffic together. */
  apply(route: Pick<Route, 'weights' | 'instances' | 'traffic'>, workers: number): void {
    const balance = route.traffic?.balance
    const isFirst = this.#pools.size === 0
    for (const instance of route.instances) {
      const key = keyOf(instance)
      const pool = this.#pools.get(key) ?? this.#open(key, instance)
      pool.ending = route.traffic?.ending
      pool.become(instance.state)
      pool.standing.obey(balance, workers)
    }
    if (!isFirst) this.#dismissAllBut(route.instances)
    this.#weights = route.weights
    this.#spread.obey(balance)
    this.#refresh()
  }

  mark(mark: HealthMark): void {
    const pool = this.#pools.get(keyOf(mark))
    if (pool?.standing.learn(mark, performance.now()) === 'news') this.#refresh()
  }

  sweep(now: number): void {
    for (const [key, pool] of this.#pools) {
      pool.sweep(now)
      if (pool.over) this.#pools.delete(key)
    }
  }

  dismiss(withinMs: number): void {
    for (const pool of this.#pools.values()) pool.dismiss(withinMs)
  }

  closeIdle(): void {
    for (const pool of this.#pools.values()) pool.closeIdle()
  }

  running(): Running[] {
    return [...this.#pools.values()].filter((pool) => !pool.over).map((pool) => pool.running())
  }

  #open(key: string, instance: RouteInstance): InstancePool {
    const counting = countingOf(this.#tallies, instance.release)
    const counters = { counting, sights: this.#tallies.sight }
    const pool = new InstancePool(instance, counters, this.#poolListener)
    this.#pools.set(key, pool)
    return pool
  }

  #dismissAllBut(instances: readonly RouteInstance[]): void {
    const named = new Set(instances.map(keyOf))
    for (const [key, pool] of this.#pools) if (!named.has(key)) pool.become('gone')
  }

  #takes(pool: InstancePool): boolean {
    return this.#takers.weighted.some((release) => release.instances.includes(pool))
  }

  #refresh(): void {
    this.#takers = takersOf([...this.#pools.values()], this.#weights)
    this.#spread.refresh(this.#takers.all)
  }

  /** Told on once, when another instance of the release does better. */
  #suspect(pool: InstancePool, crossed: Crossed, nowMs: number): void {
    const { watch } = pool.standing
    const peers =
      this.#takers.weighted.find((each) => each.instances.includes(pool))?.instances ?? []
    const isBetter = (peer: InstancePool): boolean =>
      peer !== pool && !!watch && !!peer.standing.watch?.betterThan(watch, crossed, nowMs)
    if (!watch || !pool.standing.good || !peers.some(isBetter)) return
    const reason = watch.inWords(crossed)
    watch.forget()
    this.#listener.outlier(pool.outlier(reason))
  }
}

function keyOf({ id, generation }: Pick<RouteInstance, 'id' | 'generation'>): string {
  return `${id}\n${generation}`
}

function hasRoom({ instances }: Ready): boolean {
  return instances.some((pool) => !pool.full)
}

function without(ready: readonly Ready[], not: InstancePool): Ready[] {
  return ready
    .map((release) => ({
      ...release,
      instances: release.instances.filter((pool) => pool !== not),
    }))
    .filter((release) => release.instances.length > 0)
}
