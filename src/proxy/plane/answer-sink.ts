import type { ResponseHead } from '../http1/response-head.ts'

/** What an instance connection feeds while one request runs on it. */
export interface AnswerSink {
  connected(): void
  /** `code` is the system's, `ECONNREFUSED` for one. */
  connectFailed(code: string): void
  /** `first` are the bytes of the body that came with the head; perhaps none. */
  answerHead(head: ResponseHead, first: Buffer): void
  /** The whole answer at once, its body in latin1; `answerEnd` follows. Who has no use for it gets `answerHead`. */
  answerWhole?(head: ResponseHead, body: string): void
  answerBytes(bytes: Buffer): void
  /** Trailer lines, where the content of bodies is wanted; `answerEnd` follows. */
  answerTrailers?(lines: string): void
  /** The body is complete; on a changed protocol, the instance has said its last. */
  answerEnd(): void
  /** What came is not HTTP. The connection is destroyed already. */
  answerMalformed(what: string): void
  /** The connection ended or broke before the answer was complete. It is destroyed already. */
  instanceGone(): void
  instanceDrained(): void
}
