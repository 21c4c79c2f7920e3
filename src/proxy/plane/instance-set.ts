import type { ReleaseId } from '../../core/names.ts'
import type { Route } from '../../core/route.ts'
import { chooseInstance, chooseRelease, type Random, type ReadyRelease } from './choose.ts'
import type { HealthMark, Running } from './data-plane-port.ts'
import { InstancePool } from './instance-pool.ts'
import { countingOf, type Tallies } from './tallies.ts'

type Ready = ReadyRelease<InstancePool>

/** The instances of a service, and which of them can take a request now. */
export class InstanceSet {
  readonly #tallies: Tallies
  readonly #random: Random
  /** By id and generation: nothing learned of one process is applied to the next at its address. */
  readonly #pools = new Map<string, InstancePool>()
  #weights: Route['weights'] = {}
  #ready: readonly Ready[] = []
  #pinnable: readonly Ready[] = []

  constructor(tallies: Tallies, random: Random) {
    this.#tallies = tallies
    this.#random = random
  }

  get anyReady(): boolean {
    return this.#ready.length > 0
  }

  /** The releases that have weight and an instance that can take a request now. */
  get ready(): readonly Ready[] {
    return this.#ready
  }

  /** An instance for one request, by weight and load. `not` only when there is no other. */
  choose(not: InstancePool | undefined): InstancePool | undefined {
    const ready = not ? without(this.#ready, not) : this.#ready
    const release = chooseRelease(ready, this.#random)
    if (release) return chooseInstance(release.instances, this.#random)
    return not?.ready && this.anyReady ? not : undefined
  }

  /** All releases with an instance that can take a request now, also without weight. `not` only when there is no other. */
  pinnable(not: InstancePool | undefined): readonly Ready[] {
    if (!not) return this.#pinnable
    const others = without(this.#pinnable, not)
    return others.some((release) => release.weight > 0) ? others : this.#pinnable
  }

  /** One instance of a release, by load. */
  pick(release: Ready): InstancePool | undefined {
    return chooseInstance(release.instances, this.#random)
  }

  apply(route: Pick<Route, 'weights' | 'instances'>): void {
    const named = new Set<string>()
    for (const instance of route.instances) {
      const key = `${instance.id}\n${instance.generation}`
      named.add(key)
      const known = this.#pools.get(key)
      if (known) known.become(instance.state)
      else
        this.#pools.set(
          key,
          new InstancePool(instance, {
            counting: countingOf(this.#tallies, instance.release),
            sight: this.#tallies.sight.of(instance.release, instance.id),
          }),
        )
    }
    for (const [key, pool] of this.#pools) if (!named.has(key)) pool.become('gone')
    this.#weights = route.weights
    this.#refresh()
  }

  mark(mark: HealthMark): void {
    const pool = this.#pools.get(`${mark.id}\n${mark.generation}`)
    if (!pool || pool.health === mark.health) return
    pool.health = mark.health
    this.#refresh()
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

  #refresh(): void {
    const pools = [...this.#pools.values()].filter((pool) => pool.ready)
    const byRelease: Map<ReleaseId, InstancePool[]> = Map.groupBy(pools, (pool) => pool.release)
    this.#pinnable = [...byRelease].map(([release, instances]) => ({
      release,
      weight: this.#weights[release] ?? 0,
      instances,
    }))
    this.#ready = this.#pinnable.filter((release) => release.weight > 0)
  }
}

function without(ready: readonly Ready[], not: InstancePool): Ready[] {
  return ready
    .map((release) => ({
      ...release,
      instances: release.instances.filter((pool) => pool !== not),
    }))
    .filter((release) => release.instances.length > 0)
}
