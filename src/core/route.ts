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

/** Refuses a route that would lose traffic: shares that do not add up, or a share for a release without instances. */
export function faultOf(route: Route): string | undefined {
  const shares = Object.entries(route.weights)
  const bad = shares.find(([, share]) => !Number.isInteger(share) || share < 0 || share > ALL)
  if (bad)
    return `the share of ${bad[0]} is ${bad[1]}, not a whole number of basis points from 0 to ${ALL}`
  const sum = shares.reduce((total, [, share]) => total + share, 0)
  if (shares.length > 0 && sum !== ALL) return `the shares add up to ${sum / 100}%, not 100%`
  const ids = new Set(route.instances.map((instance) => instance.id))
  if (ids.size !== route.instances.length) return 'two instances have the same id'
  return undefined
}
