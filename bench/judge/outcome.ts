import { seeded } from '../../src/lib/seeded.ts'
import type { Cell } from './cells.ts'
import { midflight } from './midflight.ts'
import { argo, flagger, type Rule } from './rules.ts'

export const RULES: Readonly<Record<string, Rule>> = {
  midflight,
  'flagger 1m/5': flagger(60_000, 5),
  'flagger 10s/1': flagger(10_000, 1),
  argo,
}

/** What one rule made of one cell, over all its runs. */
export interface Outcome extends Cell {
  readonly rule: string
  readonly runs: number
  /** Share of the runs in which the candidate was taken back. */
  readonly undone: number
  /** Requests that the candidate failed until it was taken back, or in all the time. */
  readonly escapedMedian: number
  readonly escapedP95: number
  /** Until it was taken back, where it was; `null` where it never was. */
  readonly secondsMedian: number | null
}

/** Argo's example needs twenty minutes for its fourth failure; the others have ten minutes. */
const MINUTES = { argo: 30, others: 10 }

/** Simulates so many runs, the same ones each time. */
export function outcomeOf(cell: Cell, name: string, rule: Rule, runs: number): Outcome {
  const forMs = (name === 'argo' ? MINUTES.argo : MINUTES.others) * 60_000
  const all = Array.from({ length: runs }, (_, run) => rule(cell, seeded(run + 1), forMs))
  const escaped = all.map((each) => each.escaped)
  const undoings = all.map(({ atMs }) => atMs).filter((atMs) => atMs !== undefined)
  return {
    ...cell,
    rule: name,
    runs,
    undone: undoings.length / runs,
    escapedMedian: quantile(escaped, 0.5) ?? 0,
    escapedP95: quantile(escaped, 0.95) ?? 0,
    secondsMedian: secondsOf(quantile(undoings, 0.5)),
  }
}

function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
}

function secondsOf(ms: number | undefined): number | null {
  return ms === undefined ? null : ms / 1000
}
