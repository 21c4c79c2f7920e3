import type { Address } from '../../src/core/address.ts'

/** What a client says, again and again, and how it knows the answer's end. */
export interface Talk {
  readonly address: Address
  readonly encrypted: boolean
  /** Sent once, when connected, and answered by a head alone: the handshake of a WebSocket. */
  readonly opening?: string
  /** Latin1. */
  readonly message: string
  /** `content-length` of its head, or so many bytes. */
  readonly answer: 'content-length' | number
  /** A connection for each message, or kept ones. */
  readonly connection: 'kept' | 'fresh'
}

/** A load, as data that one process tells another. */
export interface LoadPlan {
  readonly talk: Talk
  readonly seconds: number
  /** Kept connections to begin with; messages that run at once where there is no `perSecond`. */
  readonly connections: number
  /** Messages begin at this rate, whether or not earlier ones were answered. Unset: each answer begins the next one. */
  readonly perSecond?: number
}

export interface LoadOutcome {
  readonly done: number
  readonly failed: number
  readonly seconds: number
  /** Milliseconds from a message's first byte to its answer's last one; see Generator. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly p999: number }
  /** How late the generator itself began them, at the 99th percentile. It is in no latency. */
  readonly lateP99Ms: number
  /** What a message cost the generator itself. */
  readonly ownMicrosPerMessage: number
}
