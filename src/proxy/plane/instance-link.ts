import type { Question } from '../http1/answer-reader.ts'
import type { AnswerSink } from './answer-sink.ts'

/** The way of one request to an instance: a connection of HTTP/1, or a stream of HTTP/2. */
export interface InstanceLink {
  /** The instance does not read as fast as it is written to. */
  readonly blocked: boolean
  /** Something was received since the request was sent. */
  readonly heard: boolean
  /** Its answer is complete, and the instance still reads. */
  readonly reusable: boolean
  readonly open: boolean
  /** The instance has surely not looked at the request, although it was sent: it said so (RFC 9113 §8.7), or it never left. */
  readonly refused?: boolean
  /** Sends a head, and what is there of the body. False asks to wait for `instanceDrained`. */
  send(question: Question, head: string, body: Buffer): boolean
  write(bytes: Buffer): boolean
  /** Looks after one that may be silent for long. */
  keepAlive(): void
  pause(): void
  resume(): void
  /** From now on its bytes go to `sink` as they are. */
  tunnel(sink: AnswerSink): void
  /** Says its last on a changed protocol. */
  end(): void
  /** Nobody is told. */
  destroy(): void
}
