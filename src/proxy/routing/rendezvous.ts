import type { BasisPoints } from '../../core/names.ts'
import { hashOf } from './hash.ts'

export interface Weighted {
  readonly release: string
  readonly weight: BasisPoints
}

const RANGE = 2 ** 32

/**
 * The release of a user: the same one as long as its weight does not fall against that of the others.
 *
 * Weighted rendezvous hashing: each release draws a lot from the user's key and its own name, and the highest wins
 * (D. Thaler and C. V. Ravishankar, "Using name-based mappings to increase hit rates", 1998). With the lot
 * `-weight / ln(h)`, h even in (0, 1), each wins with a probability in proportion to its weight (C. Schindelhauer and
 * G. Schomaker, "Weighted distributed hash tables", 2005; J. Resch, "New hashing algorithms for data storage", 2015).
 * A weight that rises only raises its own lots, so users only come to that release, and only leave one whose weight
 * falls against it.
 */
export function releaseFor<Release extends Weighted>(
  releases: readonly Release[],
  key: string,
  seed: number,
): Release | undefined {
  let best: Release | undefined
  let highest = -1
  for (const release of releases) {
    const lot = release.weight / patience(release.release, key, seed)
    if (lot <= highest) continue
    best = release
    highest = lot
  }
  return best
}

/** The same among equals: one of these names for a user, and another one only when that one is gone. */
export function nameFor<Named>(
  all: readonly Named[],
  nameOf: (each: Named) => string,
  key: string,
): Named | undefined {
  let best: Named | undefined
  let highest = -1
  for (const each of all) {
    const lot = hashOf(key, hashOf(nameOf(each), 0))
    if (lot <= highest) continue
    best = each
    highest = lot
  }
  return best
}

/**
 * From which share of `release` on the user is there, 0 to 1, while the others keep their proportions. Even over users:
 * a release with a share of 5% has those below 0.05. For people; the decision itself is `releaseFor`.
 */
export function cohortOf(
  release: string,
  others: readonly Weighted[],
  key: string,
  seed: number,
): number {
  const total = others.reduce((sum, other) => sum + other.weight, 0)
  const lots = others.map((other) => other.weight / total / patience(other.release, key, seed))
  const hurdle = Math.max(0, ...lots) * patience(release, key, seed)
  return hurdle / (1 + hurdle)
}

/** -ln(h): how much weight a release needs for a lot of 1. */
function patience(release: string, key: string, seed: number): number {
  return -Math.log((hashOf(key, hashOf(release, seed)) + 0.5) / RANGE)
}
