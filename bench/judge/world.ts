import type { Event } from '../../src/judge/comparison.ts'

/** Traffic on two releases, and how often each of them fails. */
export interface World {
  readonly perSecond: number
  /** Of the candidate. */
  readonly share: number
  /** Of the requests, those that fail. */
  readonly candidate: number
  readonly stable: number
  /** Errors come so many at a time, all of one user. */
  readonly burst: number
  /** What goes wrong is that answers are late. */
  readonly slow?: boolean
}

/** Errors of one user that come together. */
export interface Errors extends Event {
  readonly count: number
}

/** The errors of one run, in their order, without an end: a Poisson process of each release. */
export function* errorsIn(world: World, random: () => number): Generator<Errors> {
  const { perSecond, share, burst } = world
  const ofCandidate = (perSecond * share * world.candidate) / burst
  const ofStable = (perSecond * (1 - share) * world.stable) / burst
  const together = ofCandidate + ofStable
  let atMs = 0
  for (let user = 0; ; user += 1) {
    atMs += (-Math.log(1 - random()) / together) * 1000
    const of = random() * together < ofCandidate ? 'candidate' : 'stable'
    yield { of, user: String(user), atMs, share, count: burst }
  }
}
