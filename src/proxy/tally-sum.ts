import type { ReleaseId } from '../core/names.ts'
import { NO_COUNTS, type Counts } from '../core/traffic.ts'
import type { Running, ServiceTally, Tally } from './plane/data-plane-port.ts'

export const NO_TALLY: ServiceTally = {
  counts: {},
  running: [],
  held: 0,
  holding: 0,
  refused: 0,
  rejected: 0,
}

/** What several workers saw together. */
export function sumOf(tallies: readonly Tally[]): Tally {
  const sum: Record<string, ServiceTally> = {}
  for (const tally of tallies) {
    for (const [service, each] of Object.entries(tally)) {
      sum[service] = together(sum[service] ?? NO_TALLY, each)
    }
  }
  return sum
}

/** What remains of a worker's tally after its end: what happened stays, nothing runs or waits any more. */
export function remainsOf(tally: Tally): Tally {
  const ended = Object.entries(tally).map(
    ([service, each]) => [service, { ...each, running: [], holding: 0 }] as const,
  )
  return Object.fromEntries(ended)
}

function together(a: ServiceTally, b: ServiceTally): ServiceTally {
  return {
    counts: countsTogether(a.counts, b.counts),
    running: runningTogether([...a.running, ...b.running]),
    held: a.held + b.held,
    holding: a.holding + b.holding,
    ...releasedTogether(a, b),
    refused: a.refused + b.refused,
    rejected: a.rejected + b.rejected,
    ...rejectionsTogether(a, b),
    ...guardsTogether(a, b),
  }
}

function countsTogether(
  a: ServiceTally['counts'],
  b: ServiceTally['counts'],
): Record<ReleaseId, Counts> {
  const sum: Record<ReleaseId, Counts> = { ...a }
  for (const [release, counts] of Object.entries(b)) {
    sum[release] = plus(sum[release] ?? NO_COUNTS, counts)
  }
  return sum
}

function rejectionsTogether(a: ServiceTally, b: ServiceTally): Pick<ServiceTally, 'rejections'> {
  if (!a.rejections && !b.rejections) return {}
  const sum = { ...a.rejections }
  for (const [code, count] of Object.entries(b.rejections ?? {})) {
    sum[code] = (sum[code] ?? 0) + count
  }
  return { rejections: sum }
}

/** What is counted only where a limit had to be enforced. */
function guardsTogether(
  a: ServiceTally,
  b: ServiceTally,
): Pick<ServiceTally, 'retriesRefused' | 'slowReaders'> {
  const retriesRefused = (a.retriesRefused ?? 0) + (b.retriesRefused ?? 0)
  const slowReaders = (a.slowReaders ?? 0) + (b.slowReaders ?? 0)
  return { ...(retriesRefused > 0 && { retriesRefused }), ...(slowReaders > 0 && { slowReaders }) }
}

function plus(a: Counts, b: Counts): Counts {
  const at = (index: 0 | 1 | 2 | 3 | 4 | 5): number => a.answers[index] + b.answers[index]
  return {
    requests: a.requests + b.requests,
    answers: [at(0), at(1), at(2), at(3), at(4), at(5)],
    failed: a.failed + b.failed,
    retried: a.retried + b.retried,
    broken: a.broken + b.broken,
    upgrades: a.upgrades + b.upgrades,
    ...closedTogether(a, b),
  }
}

function releasedTogether(a: ServiceTally, b: ServiceTally): Pick<ServiceTally, 'released'> {
  const released = (a.released ?? 0) + (b.released ?? 0)
  return released > 0 ? { released } : {}
}

function closedTogether(a: Counts, b: Counts): Pick<Counts, 'closed'> {
  const closed = (a.closed ?? 0) + (b.closed ?? 0)
  return closed > 0 ? { closed } : {}
}

function runningTogether(all: readonly Running[]): Running[] {
  const byProcess = Map.groupBy(all, (running) => `${running.id} ${running.generation}`)
  return [...byProcess.values()].map((same) =>
    same.reduce((a, b) => ({
      ...a,
      requests: a.requests + b.requests,
      upgrades: a.upgrades + b.upgrades,
    })),
  )
}
