import type { Strand } from './arrivals.ts'
import type { AppMarks } from './verdict.ts'

export interface LoadOptions {
  /** What arrives, and how often. */
  readonly mix: readonly Strand[]
  /** The arrivals end by themselves after this long, or after this many. */
  readonly forMs?: number
  readonly total?: number
  /** Arrivals beyond this many at once are not begun and count as failed. */
  readonly inFlight?: number
  /** How many kept connections are taken in turn. */
  readonly connections?: number
  /** A call without a whole answer by then has failed. */
  readonly timeoutMs?: number
  readonly appMarks?: AppMarks
  /** Ends everything at once; what is in flight is not counted. */
  readonly signal?: AbortSignal
}

export const LOAD_DEFAULTS: Required<Omit<LoadOptions, 'mix' | 'signal'>> = {
  forMs: 10 * 60_000,
  total: 1_000_000,
  inFlight: 2_000,
  connections: 24,
  timeoutMs: 10_000,
  appMarks: 'never',
}
