import { isDeepStrictEqual } from 'node:util'
import { ALL, type BasisPoints, type ServiceName } from '../../core/names.ts'
import type { AccessRecord } from '../../core/access.ts'
import type { Route } from '../../core/route.ts'
import { AccessWitness } from '../access/access-witness.ts'
import { Mirror } from '../mirror/mirror.ts'
import type { ClientSide } from '../plane/client-side.ts'
import type { InstanceSet } from '../plane/instance-set.ts'
import type { RequestHead } from '../http1/request-head.ts'
import type { ServiceSight } from '../sight/service-sight.ts'
import type { Witness } from './witness.ts'

export interface WatchOptions {
  readonly instances: InstanceSet
  readonly sight: ServiceSight
  readonly onAccess?: (record: AccessRecord) => void
}

/** Who watches the requests of a service, by its route: a mirror, and the access log. Off, it costs one look. */
export class Watch {
  readonly #options: WatchOptions
  #service: ServiceName = ''
  #logged: BasisPoints = 0
  #mirror: Mirror | undefined
  /** What it was made of: a change of anything else does not touch it. */
  #mirrored: unknown

  constructor(options: WatchOptions) {
    this.#options = options
  }

  get on(): boolean {
    return this.#logged > 0 || this.#mirror !== undefined
  }

  apply(route: Pick<Route, 'service' | 'traffic' | 'roles' | 'limits'>): void {
    this.#service = route.service
    this.#logged = this.#options.onAccess ? (route.traffic?.logged ?? 0) : 0
    const mirrored = { spec: route.traffic?.mirror, roles: route.roles, limits: route.limits }
    if (isDeepStrictEqual(mirrored, this.#mirrored)) return
    this.#mirrored = mirrored
    this.#mirror?.close()
    const { instances, sight } = this.#options
    const parts = { instances, tally: sight.mirror }
    this.#mirror = mirrored.spec && new Mirror(mirrored.spec, route, parts)
  }

  witnessesOf(client: ClientSide, head: RequestHead): Witness[] {
    const witnesses = [this.#mirror?.witnessOf(client, head), this.#logger(client, head)]
    return witnesses.filter((witness) => witness !== undefined)
  }

  sweep(now: number): void {
    this.#mirror?.sweep(now)
  }

  #logger(client: ClientSide, head: RequestHead): Witness | undefined {
    const { onAccess } = this.#options
    if (!onAccess || this.#logged === 0 || Math.random() * ALL >= this.#logged) return undefined
    return new AccessWitness(this.#service, { client, head }, onAccess)
  }
}
