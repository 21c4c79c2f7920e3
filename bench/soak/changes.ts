import { ALL, type ReleaseId } from '../../src/core/names.ts'
import type { Route, RouteInstance } from '../../src/core/route.ts'
import type { Traffic } from '../../src/core/traffic.ts'
import type { ProxyControl } from '../proxy-control.ts'
import type { Crew } from './crew.ts'

const RELEASES: readonly ReleaseId[] = ['v1', 'v2']
const SHARES = [0, 500, 2_500, 5_000, 7_501, 10_000]
/** A release keeps so many ready instances, and has at most so many. */
const FEWEST = 2
const MOST = 4

/** Changes the route again and again, as rollouts do: weights move, instances join, drain and leave. */
export class Changes {
  readonly #control: ProxyControl
  readonly #crew: Crew
  readonly #idle: Set<string> = new Set()
  #route: Route
  #made = 0

  constructor(route: Route, control: ProxyControl, crew: Crew) {
    this.#route = route
    this.#control = control
    this.#crew = crew
  }

  get made(): number {
    return this.#made
  }

  /** Resolves when the proxy obeys a route with two instances of each release, and all are up. */
  async begin(): Promise<void> {
    const instances: RouteInstance[] = []
    for (const release of [...RELEASES, ...RELEASES])
      instances.push(await this.#crew.start(release))
    this.#route = { ...this.#route, instances }
    await this.#control.apply(this.#route)
    await this.#control.untilUp(this.#route.service)
  }

  /** Makes the next change. */
  async next(): Promise<void> {
    const n = this.#made
    this.#made += 1
    const release = RELEASES[(n >> 2) % RELEASES.length] ?? ''
    const traffic = await this.#control.traffic(this.#route.service)
    const gone = this.#drained(traffic)
    const staying = this.#route.instances.filter(({ id }) => !gone.includes(id))
    const instances = await this.#moved(n % 4, release, staying, traffic)
    const share = SHARES[n % SHARES.length] ?? 0
    const weights = n % 2 === 1 ? { v1: ALL - share, v2: share } : this.#route.weights
    this.#route = { ...this.#route, weights, instances }
    await this.#control.apply(this.#route)
    for (const id of gone) this.#crew.stop(id)
  }

  /** Of four changes the first brings an instance, and the third lets one leave; the others move weights. */
  async #moved(
    kind: number,
    release: ReleaseId,
    instances: readonly RouteInstance[],
    traffic: Traffic,
  ): Promise<readonly RouteInstance[]> {
    const serving = instances.filter((one) => one.release === release && one.state === 'serving')
    if (kind === 0 && serving.length < MOST) return [...instances, await this.#crew.start(release)]
    const ready = serving.filter(({ id }) => healthOf(id, traffic) === 'up')
    if (kind !== 2 || ready.length <= FEWEST) return instances
    return instances.map((one) => (one === ready[0] ? { ...one, state: 'draining' } : one))
  }

  /** The draining ones on which nothing ran, now and when they were last looked at. */
  #drained({ instances }: Traffic): readonly string[] {
    const draining = this.#route.instances.filter((one) => one.state === 'draining')
    return draining
      .map(({ id }) => id)
      .filter((id) => {
        const seen = instances.find((one) => one.id === id)
        const isIdle = seen !== undefined && seen.requests === 0 && seen.upgrades === 0
        const wasIdle = this.#idle.has(id)
        if (isIdle) this.#idle.add(id)
        else this.#idle.delete(id)
        return isIdle && wasIdle
      })
  }
}

function healthOf(id: string, { instances }: Traffic): string | undefined {
  return instances.find((one) => one.id === id)?.health
}
