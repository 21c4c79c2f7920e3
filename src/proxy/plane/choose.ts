import type { BasisPoints, ReleaseId } from '../../core/names.ts'
import type { Random } from '../balance/candidate.ts'

/** A release that can take requests, and those of its instances that are ready. */
export interface ReadyRelease<Instance> {
  readonly release: ReleaseId
  readonly weight: BasisPoints
  readonly instances: readonly Instance[]
}

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
