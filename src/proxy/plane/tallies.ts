import type { RejectionCode } from '../http1/rejection.ts'
import type { ReleaseId } from '../../core/names.ts'
import type { Counts } from '../../core/traffic.ts'
import type { Incidents } from '../sight/incidents.ts'
import { ServiceSight } from '../sight/service-sight.ts'

/** Counts that grow. */
export type Counting = { -readonly [Key in Exclude<keyof Counts, 'answers'>]: number } & {
  readonly answers: [number, number, number, number, number, number]
}

/** What a service counts. */
export interface Tallies {
  readonly byRelease: Map<ReleaseId, Counting>
  readonly sight: ServiceSight
  held: number
  released: number
  refused: number
  rejected: number
  slowReaders: number
  readonly rejections: Map<RejectionCode, number>
}

export function newTallies(incidents: Incidents): Tallies {
  return {
    byRelease: new Map(),
    sight: new ServiceSight(incidents),
    held: 0,
    released: 0,
    refused: 0,
    rejected: 0,
    slowReaders: 0,
    rejections: new Map(),
  }
}

/** The counts of a release, begun at zero when it is new. */
export function countingOf(tallies: Tallies, release: ReleaseId): Counting {
  const known = tallies.byRelease.get(release)
  if (known) return known
  const counting: Counting = {
    requests: 0,
    answers: [0, 0, 0, 0, 0, 0],
    failed: 0,
    retried: 0,
    broken: 0,
    upgrades: 0,
    closed: 0,
  }
  tallies.byRelease.set(release, counting)
  return counting
}

/** Given to any release so far. */
export function requestsIn({ byRelease }: Tallies): number {
  let sum = 0
  for (const counting of byRelease.values()) sum += counting.requests
  return sum
}

/** Nobody has asked for anything yet. */
export function isUntouched(tallies: Tallies): boolean {
  return requestsIn(tallies) + tallies.held + tallies.refused + tallies.rejected === 0
}

export function countAnswer(counting: Counting, status: number): void {
  const answers = counting.answers
  if (status >= 500) answers[5] += 1
  else if (status >= 400) answers[4] += 1
  else if (status >= 300) answers[3] += 1
  else if (status >= 200) answers[2] += 1
  else answers[1] += 1
}

/** A copy that stays as it is. */
export function readingOf({ closed, ...counting }: Counting): Counts {
  return { ...counting, answers: [...counting.answers], ...(closed > 0 && { closed }) }
}
