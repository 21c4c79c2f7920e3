import type { OwnAnswer } from '../http1/answers.ts'
import type { Sender } from '../http1/forward-head.ts'
import type { Rejection } from '../http1/rejection.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import type { Choice } from './choice.ts'
import type { RequestSink } from './request-sink.ts'

/** The side of one exchange that faces its client: a turn on an HTTP/1 connection, or a stream of an HTTP/2 one. */
export interface ClientSide {
  readonly sender: Sender
  /** What the client speaks; an HTTP/1 turn leaves it to the head of the request. */
  readonly protocol?: string | undefined
  /** How bodies of answers are wanted: as they came in HTTP/1.1, or what they carry. */
  readonly pass: 'bytes' | 'content'
  /** The client does not read as fast as it is written to. */
  readonly blocked: boolean
  /** Its connection may carry another request after the answer that has begun. */
  readonly keeps: boolean
  /** Hears where the request goes, whenever that is decided; `undefined` when it has to wait. */
  chosen?(choice: Choice | undefined): void
  /** Looks after a client whose answer may be silent for long. */
  keepAlive?(): void
  /** Hands over the body of the request from now on, first what has already come. */
  resume(): void
  /** Hands over no more of it. */
  pause(): void
  /** What comes before the answer: 100, 103. */
  inform(head: ResponseHead): void
  /** False asks the instance to wait until the client has read. */
  begin(head: ResponseHead, first: Buffer, requestComplete: boolean): boolean
  /** The whole answer at once, its body in latin1. It is complete before the instance could wait. */
  beginWhole?(head: ResponseHead, body: string, requestComplete: boolean): void
  /** More of the answer's body. False asks to wait for `clientDrained`. */
  write(bytes: Buffer): boolean
  /** Trailer lines, which are to follow the answer's body. */
  trailers?(lines: string): void
  /** Both the request and the answer are complete. */
  finish(): void
  /** The answer is complete, the request is not: takes leave without losing the answer. */
  leave(): void
  /** Breaks off an answer that has begun, so that nobody takes it for whole. */
  abort(): void
  /** Answers in the place of an instance. */
  own(answer: OwnAnswer, requestComplete: boolean): void
  /** The body of the request broke its framing or its limit, and no answer has begun. */
  reject(rejection: Rejection): void
  /** The protocol changes: from now on its bytes go to `sink` as they are. */
  change(head: ResponseHead, sink: RequestSink): void
  /** Says its last on a changed protocol. */
  end(): void
  /** Ends a changed protocol at once. */
  cut(): void
}
