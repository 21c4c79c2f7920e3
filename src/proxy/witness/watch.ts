import { isDeepStrictEqual } from 'node:util'
import type { Route } from '../../core/route.ts'
import { Mirror } from '../mirror/mirror.ts'
import type { ClientSide } from '../plane/client-side.ts'
import type { InstanceSet } from '../plane/instance-set.ts'
import type { RequestHead } from '../http1/request-head.ts'
import type { ServiceSight } from '../sight/service-sight.ts'
import type { Witness } from './witness.ts'

/** Who watches the requests of a service, by its route: a mirror. Off, it costs one look. */
export class Watch {
  readonly #instances: InstanceSet
  readonly #sight: ServiceSight
  #mirror: Mirror | undefined
  /** What it was made of: a change of anything else does not touch it. */
  #mirrored: unknown

  constructor(instances: InstanceSet, sight: ServiceSight) {
    this.#instances = instances
    this.#sight = sight
  }

  get on(): boolean {
    return this.#mirror !== undefined
  }

  apply(route: Pick<Route, 'traffic' | 'roles' | 'limits'>): void {
    const mirrored = { spec: route.traffic?.mirror, roles: route.roles, limits: route.limits }
    if (isDeepStrictEqual(mirrored, this.#mirrored)) return
    this.#mirrored = mirrored
    this.#mirror?.close()
    const parts = { instances: this.#instances, tally: this.#sight.mirror }
    this.#mirror = mirrored.spec && new Mirror(mirrored.spec, route, parts)
  }

  witnessesOf(client: ClientSide, head: RequestHead): Witness[] {
    const witnesses = [this.#mirror?.witnessOf(client, head)]
    return witnesses.filter((witness) => witness !== undefined)
  }

  sweep(now: number): void {
    this.#mirror?.sweep(now)
  }
}
