import type { Effect, Kind } from './call.ts'
import type { Latency } from './latency.ts'

/** Counts of a stretch of time. Everything is counted in the stretch in which it ended. */
export interface LoadCounts {
  /** Finished HTTP requests, failed and severed ones among them. */
  readonly requests: number
  /** Without a good answer, and not by the app's own doing. */
  readonly failed: number
  /** Of the failed: the connection broke after the request's first byte was written. */
  readonly resets: number
  /** Errors the app itself answered, by version. */
  readonly bad: Readonly<Record<string, number>>
  /** Answers of each version, the bad ones among them. */
  readonly versions: Readonly<Record<string, number>>
  readonly websockets: { readonly opened: number; readonly cut: number }
  /** Broke because their connection's other end was killed on purpose, as announced. */
  readonly severed: { readonly requests: number; readonly websockets: number }
}

export interface Phase extends LoadCounts {
  readonly name: string
  readonly seconds: number
}

/** One thing that went wrong, for the person who has to find out why. */
export interface Failure {
  readonly kind: Kind
  /** Since the load began. */
  readonly atMs: number
  readonly reason: string
}

/** Work that was asked for; the ledger tells whether it was done. */
export interface SentEffect extends Effect {
  readonly kind: Kind
  /** Whether the client was told that it is done. */
  readonly answered: boolean
}

export interface LoadResult extends LoadCounts {
  readonly seconds: number
  readonly requestsByKind: Readonly<Partial<Record<Kind, number>>>
  readonly latency: Readonly<Partial<Record<Kind, Latency>>>
  /** Over the short kinds only: GET and POST, kept and fresh. */
  readonly shortLatency: Latency
  /** The versions that answered, second by second. */
  readonly timeline: readonly Readonly<Record<string, number>>[]
  readonly phases: readonly Phase[]
  /** The first of them, severed ones not among them. */
  readonly failures: readonly Failure[]
  readonly effects: readonly SentEffect[]
}
