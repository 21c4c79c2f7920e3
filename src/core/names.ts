/** Letters, digits, `_` and `-`; begins with a letter. */
export type ServiceName = string

/** `v1`, `v2`, … or the name a user gave: letters, digits, `.`, `_` and `-`. */
export type ReleaseId = string

/** `service.release.slot`, for example `shop.v2.0`. */
export type InstanceId = string

export function instanceId(service: ServiceName, release: ReleaseId, slot: number): InstanceId {
  return `${service}.${release}.${slot}`
}

/** Share of traffic in basis points (0.01 %). */
export type BasisPoints = number
export const ALL: BasisPoints = 10_000
