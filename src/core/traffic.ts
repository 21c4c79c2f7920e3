import type { InstanceId, ReleaseId } from './names.ts'
import type { Route } from './route.ts'
import type { FallbackSight, MirrorSight, Sight } from './sight.ts'

/** What the proxy saw of one instance. */
export interface InstanceTraffic {
  readonly id: InstanceId
  readonly release: ReleaseId
  /** `unproven`: has not yet passed `ready.up` checks in a row since it joined the route. */
  readonly health: 'unproven' | 'up' | 'down'
  /** Why it is not up, in words: `answered 503 on GET /readyz`, `connection refused`. */
  readonly reason?: string
  /** Gets no traffic although it may be up, because requests fail on it. */
  readonly ejected?: Ejected
  /** How many milliseconds it took to answer its last check; absent where the check asks it nothing, or nobody was there. */
  readonly lagMs?: number
  /** Requests (streams and uploads among them) that run on it now. */
  readonly requests: number
  /** WebSockets and other upgraded connections open on it now. */
  readonly upgrades: number
  /** Of this slot of the release, whichever process it was; absent before its first answer. */
  readonly sight?: Sight
}

export interface Ejected {
  readonly reason: string
  readonly untilMs: number
}

/** Counts since the route first appeared; they only grow. */
export interface Counts {
  /** Requests given to the release. */
  readonly requests: number
  /** Answers by class: `answers[2]` is the number of 2xx. 5xx counts what the app itself answered. */
  readonly answers: readonly [number, number, number, number, number, number]
  /** Requests that the proxy had to answer itself after choosing this release: 502 or 504. */
  readonly failed: number
  /** Sent again to another instance because the first certainly had not acted on it. */
  readonly retried: number
  /** Connections that broke in the middle of an answer. */
  readonly broken: number
  readonly upgrades: number
  /** WebSockets and event streams that were closed because their instance drained; absent while there are none. */
  readonly closed?: number
}

export interface Traffic {
  readonly route: Route
  readonly instances: readonly InstanceTraffic[]
  readonly counts: Readonly<Record<ReleaseId, Counts>>
  /** Requests that had to wait because no instance was ready or a person said so, so far; and how many wait now. */
  readonly held: number
  readonly holding: number
  /** Of those that had to wait, how many went on to an instance; absent while there are none. */
  readonly released?: number
  /** Workers of a proxy that was killed, which still finish what they have: what runs on them is in no count. Absent while there are none. */
  readonly orphans?: number
  /** Requests that no instance took in time, answered 503 by the proxy. */
  readonly refused: number
  /** Requests against the protocol, answered 4xx or 5xx by the proxy and passed to nobody. */
  readonly rejected: number
  /** Retries that `limits.retries` did not allow, so that requests failed; absent while there are none. */
  readonly retriesRefused?: number
  /** Answers broken off because their client read more slowly than `limits.min-rate`; absent while there are none. */
  readonly slowReaders?: number
  /** Of these, how many for which reason: the codes of docs/reference/hardening.md. Absent while there are none. */
  readonly rejections?: Readonly<Record<string, number>>
  /** Of the releases that answered last; what is older is forgotten. */
  readonly sights?: Readonly<Record<ReleaseId, Sight>>
  readonly fallbacks?: FallbackSight
  /** How often each of these decided on the release: `rule 2`, `cohort`, `weights`. Absent without rules and stickiness. */
  readonly decisions?: Readonly<Record<string, number>>
  readonly mirror?: MirrorSight
  /** What is wrong with certificates; absent while nothing is. */
  readonly certificates?: readonly CertificateFault[]
}

/** A certificate that clients do not get, or do not accept. */
export interface CertificateFault {
  /** The path of its file, or the hosts that an authority is asked for. */
  readonly of: string
  readonly reason: string
  readonly hint: string
  /** When the authority is asked again; unset for a file, which is read as soon as it changes. */
  readonly againMs?: number
}

export const NO_COUNTS: Counts = {
  requests: 0,
  answers: [0, 0, 0, 0, 0, 0],
  failed: 0,
  retried: 0,
  broken: 0,
  upgrades: 0,
}

/** What came between two readings. A proxy that was started anew in between counts from 0 again. */
export function since(before: Counts, after: Counts): Counts {
  if (after.requests < before.requests) return after
  const at = (index: 0 | 1 | 2 | 3 | 4 | 5) => after.answers[index] - before.answers[index]
  return {
    requests: after.requests - before.requests,
    answers: [at(0), at(1), at(2), at(3), at(4), at(5)],
    failed: after.failed - before.failed,
    retried: after.retried - before.retried,
    broken: after.broken - before.broken,
    upgrades: after.upgrades - before.upgrades,
    ...closedSince(before, after),
  }
}

/** Answers a user would call an error: the app's own 5xx, and those it owed and did not give. */
export function errorsIn(counts: Counts): number {
  return counts.answers[5] + counts.failed + counts.broken
}

function closedSince(before: Counts, after: Counts): Pick<Counts, 'closed'> {
  const closed = (after.closed ?? 0) - (before.closed ?? 0)
  return closed > 0 ? { closed } : {}
}
