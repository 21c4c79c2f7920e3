import type { Choice } from '../plane/choice.ts'
import type { ResponseHead } from '../http1/response-head.ts'

/**
 * Who sees one request and its answer pass by, and changes nothing. Bytes are valid during the call only, and bodies
 * come as they are passed on: a chunked one in its chunks, unless the client side wants what they carry.
 */
export interface Witness {
  /** Where the request goes, perhaps not for the first time; `undefined` when it has to wait. */
  chosen(choice: Choice | undefined): void
  requestBytes(bytes: Buffer): void
  requestEnd(): void
  answerHead(head: ResponseHead, first: Buffer): void
  answerBytes(bytes: Buffer): void
  /** The proxy answers in the place of an instance. */
  own(status: number): void
  /** Told once, last. */
  over(end: WitnessedEnd): void
}

/** `broken`: the answer was broken off. `left`: the client did not wait for it. */
export type WitnessedEnd = 'complete' | 'changed' | 'broken' | 'left'
