import {
  ALL,
  type BasisPoints,
  type InstanceId,
  type ReleaseId,
  type ServiceName,
} from './names.ts'
import type { Address, InstanceAddress } from './address.ts'
import type { InstanceProtocol, LimitSpec, ReadySpec, TrafficSpec } from './service.ts'

/** Which release receives which share. The shares add up to `ALL`, or there are none at all. */
export type Weights = Readonly<Record<ReleaseId, BasisPoints>>

/** Who receives a service's traffic: everything the proxy needs to know of the service, complete and declarative. */
export interface Route {
  readonly service: ServiceName
  readonly listen: Address
  readonly weights: Weights
  readonly instances: readonly RouteInstance[]
  readonly ready: ReadySpec
  readonly limits: LimitSpec
  readonly traffic?: TrafficSpec
  /** Whom rules mean by `stable` and `candidate`. */
  readonly roles?: Roles
  /** Requests that wait because a person said so, whoever is ready: all, or those that may change something. */
  readonly held?: 'all' | 'writes'
  /** Answers whose head comes later than this are incidents; unset: however late they are, they are none. */
  readonly slowMs?: number
}

export interface Roles {
  readonly stable?: ReleaseId
  readonly candidate?: ReleaseId
}

/**
 * A `serving` instance gets traffic when its release has weight and its checks pass.
 * A `draining` one gets no new request; what runs on it goes on.
 */
export interface RouteInstance {
  readonly id: InstanceId
  readonly release: ReleaseId
  readonly address: InstanceAddress
  readonly state: 'serving' | 'draining'
  /** Differs each time a process is started, so that nothing learned of an older one at this address is applied. */
  readonly generation: string
  /** Its own release's way of telling that it is ready: releases may differ in it while both serve. */
  readonly ready?: ReadySpec
  /** What it speaks; `http1` unless said. */
  readonly protocol?: InstanceProtocol
}

/** Every route the proxy obeys. A higher version replaces a lower one whole. */
export interface Snapshot {
  readonly version: number
  readonly routes: readonly Route[]
}

/** Refuses a route that would lose traffic, or that no proxy could obey. */
export function faultOf(route: Route): string | undefined {
  return (
    sharesFault(route.weights) ?? instancesFault(route) ?? rolesFault(route) ?? trafficFault(route)
  )
}

function sharesFault(weights: Weights): string | undefined {
  const shares = Object.entries(weights)
  for (const [release, share] of shares) {
    const fault = shareFault(`the share of ${release}`, share)
    if (fault !== undefined) return fault
  }
  const sum = shares.reduce((total, [, share]) => total + share, 0)
  return shares.length > 0 && sum !== ALL
    ? `the shares add up to ${sum / 100}%, not 100%`
    : undefined
}

function shareFault(what: string, share: BasisPoints | undefined): string | undefined {
  if (share === undefined || (Number.isInteger(share) && share >= 0 && share <= ALL))
    return undefined
  return `${what} is ${share}, not a whole number of basis points from 0 to ${ALL}`
}

function instancesFault({ instances }: Route): string | undefined {
  const ids = new Set(instances.map((instance) => instance.id))
  return ids.size === instances.length ? undefined : 'two instances have the same id'
}

function rolesFault({ roles, weights, instances }: Route): string | undefined {
  for (const [role, release] of Object.entries(roles ?? {})) {
    const isIn = release in weights || instances.some((each) => each.release === release)
    if (!isIn) return `${release} is ${role} and not in the route`
  }
  return undefined
}

function trafficFault({ traffic, limits }: Route): string | undefined {
  return (
    shareFault('the mirrored share', traffic?.mirror?.share) ??
    shareFault('the logged share', traffic?.logged) ??
    shareFault('the share of failures', traffic?.balance?.outliers?.share) ??
    shareFault('the share that may be ejected', traffic?.balance?.outliers?.ejected) ??
    shareFault('the share of retries', limits.retries)
  )
}
