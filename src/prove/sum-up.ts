import type { Kind } from './call.ts'
import { latencyOf } from './latency.ts'
import { isSevered, type Severing } from './line.ts'
import type { Failure, LoadResult, Phase, SentEffect } from './load-result.ts'
import type { Tally, TallyMark } from './tally.ts'

/** Where a phase begins. */
export interface LoadMark extends TallyMark {
  readonly name: string
}

/** All that a load has noted. */
export interface LoadRecord {
  readonly tally: Tally
  readonly marks: readonly LoadMark[]
  readonly severings: readonly Severing[]
  readonly samples: ReadonlyMap<Kind, readonly number[]>
  readonly effects: readonly SentEffect[]
}

const SHORT: readonly Kind[] = ['get', 'get-fresh', 'post', 'post-fresh']
const FAILURES_KEPT = 50

export function sumUp(record: LoadRecord): LoadResult {
  const { tally, marks, severings, effects } = record
  const end = tally.mark()
  const start = marks[0] ?? end
  const samples = [...record.samples]
  return {
    ...tally.between(start, end, severings),
    seconds: secondsBetween(start, end),
    requestsByKind: Object.fromEntries(tally.requestsByKind),
    latency: Object.fromEntries(samples.map(([kind, list]) => [kind, latencyOf(list)])),
    shortLatency: latencyOf(samples.flatMap(([kind, list]) => (SHORT.includes(kind) ? list : []))),
    timeline: tally.timeline.map((seen) => Object.fromEntries(seen)),
    phases: marks.map((mark, index) => phase(record, mark, marks[index + 1] ?? end)),
    failures: failuresOf(record),
    effects,
  }
}

function phase({ tally, severings }: LoadRecord, from: LoadMark, to: TallyMark): Phase {
  const counts = tally.between(from, to, severings)
  return { name: from.name, seconds: secondsBetween(from, to), ...counts }
}

function failuresOf({ tally, severings }: LoadRecord): Failure[] {
  return tally.breakages
    .filter(({ line }) => !line || !isSevered(line, severings))
    .slice(0, FAILURES_KEPT)
    .map(({ kind, atMs, reason }) => ({ kind, atMs, reason }))
}

function secondsBetween(from: TallyMark, to: TallyMark): number {
  return (to.at - from.at) / 1_000
}
