import type { Rejection } from './rejection.ts'

/** Follows the bytes of one body to its end. */
export interface BodyScan {
  readonly done: boolean
  /** The end of the connection is the end of the body, not a break in it. */
  readonly endsByClose: boolean
  /** Set when `scan` returned -1. */
  readonly fault: Rejection | undefined
  /** The trailer lines of one that is done, where what it carries is wanted. */
  readonly trailers?: string
  /** How many of these bytes belong to the body; -1 when they break its framing. */
  scan(bytes: Buffer): number
  /** What to pass on of the bytes just scanned. May be empty. */
  passed(bytes: Buffer, end: number): Buffer
}

/** The first `end` bytes, without a new view when that is all of them. */
export function firstOf(bytes: Buffer, end: number): Buffer {
  return end === bytes.length ? bytes : bytes.subarray(0, end)
}
