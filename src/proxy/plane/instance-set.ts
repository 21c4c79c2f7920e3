import type { ReleaseId } from '../../core/names.ts'
import type { Route, RouteInstance } from '../../core/route.ts'
import { EVEN, type Policy, type Random } from '../balance/candidate.ts'
import { lessLoaded } from '../balance/less-loaded.ts'
import type { Crossed } from '../balance/outlier-watch.ts'
import { roundRobin } from '../balance/round-robin.ts'
import { Warming } from '../balance/warming.ts'
import { chooseRelease, type ReadyRelease } from './choose.ts'
import type { HealthMark, Outlier, Running } from './data-plane-port.ts'
import { InstancePool } from './instance-pool.ts'
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
  /** By release, while some of its instances warm up. */
  readonly #warming = new Map<ReleaseId, Warming>()
  #policy: Policy = lessLoaded
  #slowStartMs = 0
  #weights: Route['weights'] = {}
  #ready: readonly Ready[] = []
  #pinnable: readonly Ready[] = []

  constructor(tallies: Tallies, random: Random, listener: InstanceSetListener) {
    this.#tallies = tallies
    this.#listener = listener
    this.#random = random
  }

  /** Somebody can take one more request. */
  get anyFree(): boolean {
    return this.#pinnable.some(hasRoom)
  }

  /** An instance for one request, by weight and load. `not` only when there is no other; none when all are full. */
  choose(not: InstancePool | undefined): InstancePool | undefined {
    const others = not ? without(this.#ready, not) : this.#ready
    const release = chooseRelease(others, this.#random)
    const pool = release && this.pick(release)
    if (pool) return pool
    const roomy = chooseRelease(others.filter(hasRoom), this.#random)
    if (roomy) return this.pick(roomy)
    return not && !not.full && this.#takes(not) ? not : undefined
  }

  /** All releases with an instance that can take a request now, also without weight. `not` only when there is no other. */
  pinnable(not: InstancePool | undefined): readonly Ready[] {
    if (!not) return this.#pinnable
    const others = without(this.#pinnable, not)
    return others.some((release) => release.weight > 0) ? others : this.#pinnable
  }

  /** One instance of a release: the preferred one, else by the policy of the service; none when all are full. */
  pick(
    { release, instances }: Ready,
    preferred?: InstancePool | undefined,
  ): InstancePool | undefined {
    if (preferred && !preferred.full) return preferred
    const nowMs = this.#warming.get(release)?.nowMs() ?? EVEN
    const pool = this.#policy(instances, nowMs, this.#random)
    if (!pool?.full) return pool
    const free = instances.filter((each) => !each.full)
    return this.#policy(free, nowMs, this.#random)
  }

  /** `workers` of them carry this traffic together. */
  apply(route: Pick<Route, 'weights' | 'instances' | 'traffic'>, workers: number): void {
    const balance = route.traffic?.balance
    const named = new Set<string>()
    for (const instance of route.instances) {
      const key = `${instance.id}\n${instance.generation}`
      named.add(key)
      const pool = this.#pools.get(key) ?? this.#open(instance)
      this.#pools.set(key, pool)
      pool.become(instance.state)
      pool.standing.obey(balance, workers)
    }
    for (const [key, pool] of this.#pools) if (!named.has(key)) pool.become('gone')
    this.#weights = route.weights
    this.#policy = balance?.policy === 'round-robin' ? roundRobin : lessLoaded
    this.#slowStartMs = balance?.slowStartMs ?? 0
    this.#refresh()
  }

  mark(mark: HealthMark): void {
    const pool = this.#pools.get(`${mark.id}\n${mark.generation}`)
    if (pool?.standing.learn(mark, performance.now()) === 'news') this.#refresh()
  }

  sweep(now: number): void {
    for (const [key, pool] of this.#pools) {
      pool.sweep(now)
      if (pool.over) this.#pools.delete(key)
    }
  }

  closeIdle(): void {
    for (const pool of this.#pools.values()) pool.closeIdle()
  }

  running(): Running[] {
    return [...this.#pools.values()].filter((pool) => !pool.over).map((pool) => pool.running())
  }

  #open(instance: RouteInstance): InstancePool {
    const counting = countingOf(this.#tallies, instance.release)
    const sight = this.#tallies.sight.of(instance.release, instance.id)
    return new InstancePool(
      instance,
      { counting, sight },
      {
        freed: () => this.#listener.freed(),
        failing: (pool, crossed, nowMs) => this.#suspect(pool, crossed, nowMs),
      },
    )
  }

  #takes(pool: InstancePool): boolean {
    return this.#ready.some((release) => release.instances.includes(pool))
  }

  /**
   * Who takes requests. When no release with weight has a good instance, but some were good once, the checks may be
   * what is wrong, or all are overloaded: a 503 from us would help nobody, so those take the traffic all the same.
   * Requests wait only where nobody can be reached, or nobody was ever ready.
   */
  #refresh(): void {
    const good = this.#releasesOf((pool) => pool.standing.good)
    this.#ready = good.filter(hasWeight)
    this.#pinnable = good
    this.#warming.clear()
    if (this.#ready.length === 0) {
      this.#ready = this.#releasesOf((pool) => pool.standing.acceptable).filter(hasWeight)
      this.#pinnable = [...good, ...this.#ready]
    } else if (this.#slowStartMs > 0) {
      for (const { release, instances } of good) this.#warming.set(release, warmingOf(instances))
    }
  }

  #releasesOf(takes: (pool: InstancePool) => boolean): Ready[] {
    const pools = [...this.#pools.values()].filter((pool) => pool.serving && takes(pool))
    return [...Map.groupBy(pools, (pool) => pool.release)].map(([release, instances]) => ({
      release,
      weight: this.#weights[release] ?? 0,
      instances,
    }))
  }

  /** Told on once, when another instance of the release does better. */
  #suspect(pool: InstancePool, crossed: Crossed, nowMs: number): void {
    const { watch } = pool.standing
    const peers = this.#ready.find((each) => each.instances.includes(pool))?.instances ?? []
    const isBetter = (peer: InstancePool): boolean =>
      peer !== pool && !!watch && !!peer.standing.watch?.betterThan(watch, crossed, nowMs)
    if (!watch || !pool.standing.good || !peers.some(isBetter)) return
    const reason = watch.inWords(crossed)
    watch.forget()
    this.#listener.outlier(pool.outlier(reason))
  }
}

function hasWeight(release: Ready): boolean {
  return release.weight > 0
}

function hasRoom({ instances }: Ready): boolean {
  return instances.some((pool) => !pool.full)
}

function warmingOf(instances: readonly InstancePool[]): Warming {
  const warming = new Warming()
  for (const { standing } of instances) warming.add(standing.warmAtMs)
  return warming
}

function without(ready: readonly Ready[], not: InstancePool): Ready[] {
  return ready
    .map((release) => ({
      ...release,
      instances: release.instances.filter((pool) => pool !== not),
    }))
    .filter((release) => release.instances.length > 0)
}
