import type { Rejection } from '../http1/rejection.ts'

/** What a client connection feeds while one request runs on it. */
export interface RequestSink {
  /** The head is there. Called once, first. */
  start(): void
  requestBytes(bytes: Buffer): void
  /** The body is complete; on a changed protocol, the client has said its last. */
  requestEnd(): void
  /** The body broke its own framing, or its limit. */
  requestBroken(rejection: Rejection): void
  /** The client left before its answer was complete. */
  clientGone(): void
  /** What was written to the client has left. */
  clientDrained(): void
  /** Looks at the limits of time. `now` in milliseconds of the monotonic clock. */
  sweep(now: number): void
}
