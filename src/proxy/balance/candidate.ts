/** An instance as the choice among those of its release sees it. */
export interface Candidate {
  /** How many requests run on it now. */
  readonly requests: number
  /** As many run on it as it may have at once. */
  readonly full: boolean
  /** What it is owed when all take turns. Only `round-robin` changes it. */
  credit: number
  /** Its share of what falls to it: 1 once it is warm, less before. `nowMs` is of the monotonic clock. */
  shareAt(nowMs: number): number
}

/** A number from 0 to below 1. */
export type Random = () => number

/** Instead of a time: no instance is to get less than its share. */
export const EVEN = -1

/** One of these; `undefined` only when there is none. `nowMs` of the monotonic clock, or `EVEN`. */
export type Policy = <Instance extends Candidate>(
  instances: readonly Instance[],
  nowMs: number,
  random: Random,
) => Instance | undefined
