import type { Histogram } from './histogram.ts'

/** How answers were, over the life of a release or of one of its instances, and how many come now. */
export interface Sight {
  /** Over the last ten seconds. */
  readonly perSecond: number
  /** Those that a user would call an error: 5xx of the app, and answers it owed. */
  readonly errorsPerSecond: number
  readonly cells: readonly SightCell[]
}

/** Answers of one kind: few kinds, so that what is kept of an instance has a bound. */
export interface SightCell {
  /** `reads` are GET, HEAD, OPTIONS and TRACE. */
  readonly methods: 'reads' | 'writes'
  /** The first digit of the status; 0 where the app owed the answer or broke off in it. */
  readonly status: 0 | 1 | 2 | 3 | 4 | 5
  /** From the whole head of the request to the head of the answer. */
  readonly firstByte: Histogram
  /** From the whole head of the request to the end of the answer; of a changed protocol, to its change. */
  readonly whole: Histogram
}

/** What a mirror found out: copies of requests, their answers compared with those the users got. */
export interface MirrorSight {
  readonly sent: number
  /** Alike in status, fields and body. */
  readonly same: number
  /** In how many answers each of these differed; one answer may differ in several. */
  readonly differ: Readonly<Record<Difference, number>>
  /** The copy had no answer that can be compared. */
  readonly failed: number
  /** Copies that were not sent, or given up, so that the mirror stays small. */
  readonly dropped: number
  /** Bodies that were too large to be compared. */
  readonly uncompared: number
  /** To the head of the answer, of the users' requests and of their copies. */
  readonly times: { readonly users: Histogram; readonly copies: Histogram }
  /** The last answers that differed, oldest first. */
  readonly samples: readonly MirrorSample[]
}

export type Difference = 'status' | 'fields' | 'body'

export interface MirrorSample {
  readonly atMs: number
  readonly method: string
  /** Without its query. */
  readonly path: string
  readonly differ: readonly Difference[]
  /** What the user got, and what the copy got. */
  readonly statuses: readonly [number, number]
  /** Names of the fields that differ. */
  readonly fields: readonly string[]
}

/** Files that the chosen release lacked: how often the other one was asked, and how often it had them. */
export interface FallbackSight {
  readonly asked: number
  readonly found: number
}
