import type { AnswerSink } from '../plane/answer-sink.ts'
import type { ResponseHead } from '../http1/response-head.ts'

/** An answer that waits until it is known whether a better one comes: its head, what came of its body, and its end. */
export class KeptAnswer {
  /** All of it came, and whole. */
  complete = false
  readonly #head: ResponseHead
  readonly #parts: Buffer[] = []
  #bytes = 0
  #end: ((sink: AnswerSink) => void) | undefined

  constructor(head: ResponseHead, first: Buffer) {
    this.#head = head
    this.keep(first)
  }

  /** Bytes kept so far. */
  get size(): number {
    return this.#bytes
  }

  /** Keeps a copy: the bytes are valid only now. */
  keep(bytes: Buffer): void {
    this.#parts.push(Buffer.from(bytes))
    this.#bytes += bytes.length
  }

  /** What is to be told after the body. */
  endWith(end: (sink: AnswerSink) => void): void {
    this.#end = end
  }

  tell(sink: AnswerSink): void {
    sink.answerHead(this.#head, Buffer.concat(this.#parts))
    this.#end?.(sink)
  }
}
