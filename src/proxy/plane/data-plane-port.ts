import type { AccessRecord } from '../../core/access.ts'
import type { InstanceId, ReleaseId, ServiceName } from '../../core/names.ts'
import type { Server } from 'node:net'
import type { Route } from '../../core/route.ts'
import type { Counts, Ejected } from '../../core/traffic.ts'
import type { ServiceCredentials } from '../tls/credentials.ts'
import type { SightDelta } from '../sight/sight-delta.ts'

/** What one worker does with traffic. It knows nothing of other workers, of disks, or of rollouts. */
export interface DataPlane {
  /** Takes over every connection that `server` accepts, for this service. */
  serve(service: ServiceName, server: Server): void
  /** The same, without an entrance: for the proxy's own requests, in the clear and with nothing to prove. */
  serveInside(service: ServiceName, server: Server): void
  /** Sends every client that `server` accepts to where the service speaks HTTPS. */
  redirect(service: ServiceName, server: Server): void
  /** Speaks TLS for this service with these certificates, on connections that come from now on. */
  equip(service: ServiceName, credentials: ServiceCredentials | undefined): void
  /** Signs sticky cookies with this key, from the next change of a route on; with one of its own until then. */
  sign(key: Buffer): void
  /** Obeys these routes, all of them, from the next request on. A service that is missing is no longer served. */
  apply(routes: readonly Route[]): void
  /** The route of one service, and of no other, from the next request on; without one it is no longer served. */
  change(service: ServiceName, route: Route | undefined): void
  /**
   * An instance gets traffic while its last mark says `up` and not `ejected`; when none with weight does, those that
   * were up before and can be reached get it all the same. A mark for another generation is ignored.
   * Naming the service spares looking for the instance in all of them.
   */
  mark(marks: readonly HealthMark[], service?: ServiceName): void
  /** Absolute numbers since this plane was made. */
  tally(): Tally
  /**
   * The same, of those services of which it changed since this was last asked for, without instances on which nothing
   * runs. What nobody has asked for anything yet is no news.
   */
  takeTally(): TallyNews
  /** What came since it was last asked for; `undefined` when nothing did. */
  takeSight(): SightDelta | undefined
  /**
   * Tells clients to go (`Connection: close`), lets everything that runs finish, and resolves when all is over. An idle
   * client may still send for `patienceMs`; said again, the last word holds.
   */
  drain(patienceMs: number): Promise<void>
  /** Lets WebSockets and event streams, which have no end of their own, leave one by one within so many milliseconds. */
  dismiss(withinMs: number): void
}

export interface HealthMark {
  readonly id: InstanceId
  readonly generation: string
  readonly health: 'unproven' | 'up' | 'down'
  readonly reason?: string
  /** No connection can be made to it: nobody tries, not even when there is no other. */
  readonly unreachable?: true
  /** How many milliseconds it took to answer the last check; to answer late is to take `ready.timeoutMs`. No mark is sent for it. */
  readonly lagMs?: number
  /** Requests fail on it, so it is out until then whatever its checks say. */
  readonly ejected?: Ejected
}

/** An instance on which requests fail, as one worker sees it. Whether it is taken out is for the supervisor to say. */
export interface Outlier {
  readonly id: InstanceId
  readonly generation: string
  readonly reason: string
}

export interface DataPlaneOptions {
  /** Hears of each request that is to stand in the access log, when it is over. */
  readonly onAccess?: (record: AccessRecord) => void
  /** Called the moment an instance's connection is refused or reset at connect; the plane itself stops using it at once. */
  readonly onRefused: (mark: HealthMark) => void
  /** Called when requests fail on one instance, and on another one of its release they do not. */
  readonly onOutlier?: (outlier: Outlier) => void
  /** How many workers carry the same traffic, this one among them; 1 unless said. */
  readonly workers?: number
  /** Called when the rules of a route cannot be obeyed: those of before go on. Without it, `apply` throws. */
  readonly onFault?: (fault: unknown) => void
}

export type Tally = Readonly<Record<ServiceName, ServiceTally>>

export interface TallyNews {
  readonly tally: Tally
  /** Services that are not served any more. */
  readonly over: readonly ServiceName[]
}

export interface ServiceTally {
  readonly counts: Readonly<Record<ReleaseId, Counts>>
  readonly running: readonly Running[]
  readonly held: number
  /** Of these, how many went on to an instance; absent while there are none. */
  readonly released?: number
  readonly holding: number
  readonly refused: number
  readonly rejected: number
  /** Retries that were not made because there would have been too many; absent while there are none. */
  readonly retriesRefused?: number
  /** Answers broken off because their client did not read as fast as it must; absent while there are none. */
  readonly slowReaders?: number
  /** Of these, how many for which reason; absent while there are none. */
  readonly rejections?: Readonly<Record<string, number>>
}

/** What runs on an instance now, also after it left the route. */
export interface Running {
  readonly id: InstanceId
  readonly generation: string
  readonly requests: number
  readonly upgrades: number
}
