import type { BasisPoints, ReleaseId } from '../../core/names.ts'

/** A release that can take requests, and those of its instances that are ready. */
export interface ReadyRelease<Instance> {
  readonly release: ReleaseId
  readonly weight: BasisPoints
  readonly instances: readonly Instance[]
}

/** A number from 0 to below 1. */
export type Random = () => number

/** By weight. Releases without a ready instance are not in the list, so the others share what would be theirs. */
export function chooseRelease<Instance>(
  releases: readonly ReadyRelease<Instance>[],
  random: Random,
): ReadyRelease<Instance> | undefined {
  if (releases.length < 2) return releases[0]
  let total = 0
  for (const release of releases) total += release.weight
  let left = random() * total
  for (const release of releases) {
    left -= release.weight
    if (left < 0) return release
  }
  return releases.at(-1)
}

/** The less loaded of two taken at random: nearly as even as the least loaded of all, and no herd runs to one. */
export function chooseInstance<Instance extends { readonly requests: number }>(
  instances: readonly Instance[],
  random: Random,
): Instance | undefined {
  const count = instances.length
  if (count < 2) return instances[0]
  const first = Math.floor(random() * count)
  const second = (first + 1 + Math.floor(random() * (count - 1))) % count
  const [one, other] = [instances[first], instances[second]]
  if (!one || !other) return one ?? other
  return other.requests < one.requests ? other : one
}
