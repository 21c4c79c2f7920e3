import type { AnswerSink } from '../plane/answer-sink.ts'
import { scanOf } from './body-framing.ts'
import type { BodyScan } from './body-scan.ts'
import { headEnd } from './head-end.ts'
import { joined, restOf } from './joined.ts'
import { type Asked, parseResponseHead, type ResponseHead } from './response-head.ts'

export interface Question extends Asked {
  /** What the client can be told of a chunked answer: the bytes as they come, or what they carry. */
  readonly pass: 'bytes' | 'content'
  readonly headBytes: number
}

/** How far the answer has come; an object says why it cannot be understood. */
export type Progress = 'more' | 'complete' | 'changed' | 'broken' | { readonly malformed: string }

const NOTHING = Buffer.alloc(0)
const UNLIMITED = Number.MAX_SAFE_INTEGER

/** Reads one answer from the bytes of an instance, and tells a sink of it as it comes. */
export class AnswerReader {
  readonly #question: Question
  readonly #sink: AnswerSink
  #scan: BodyScan | undefined
  #head: ResponseHead | undefined
  #backlog: Buffer | undefined
  #heard = false
  #clean = true

  constructor(question: Question, sink: AnswerSink) {
    this.#question = question
    this.#sink = sink
  }

  /** Something was received. */
  get heard(): boolean {
    return this.#heard
  }

  /** The instance keeps the connection, and nothing came after the answer. */
  get keepsConnection(): boolean {
    return this.#clean && this.#head?.keepAlive === true
  }

  /** How long the instance said it would keep it. */
  get keepAliveMs(): number {
    return this.#head?.keepAliveMs ?? Infinity
  }

  /** What came after a head that changed the protocol. */
  get rest(): Buffer | undefined {
    return this.#backlog
  }

  read(bytes: Buffer): Progress {
    this.#heard = true
    return this.#scan ? this.#readBody(this.#scan, bytes) : this.#readHead(bytes)
  }

  /** The instance has said its last. */
  end(): Progress {
    this.#clean = false
    return this.#scan?.endsByClose ? 'complete' : 'broken'
  }

  #readHead(bytes: Buffer): Progress {
    let left: Buffer | undefined = joined(this.#backlog, bytes)
    while (left) {
      this.#backlog = left
      const end = headEnd(left, this.#question.headBytes)
      if (end === 'incomplete') return this.#wait(left)
      if (typeof end === 'string') return { malformed: `a fault in the head: ${end}` }
      const head = parseResponseHead(left.toString('latin1', 0, end), this.#question)
      if (typeof head === 'string') return { malformed: head }
      left = restOf(left, end + 2)
      this.#backlog = left
      if (head.status >= 200) return this.#begin(head, left ?? NOTHING)
      this.#sink.answerHead(head, NOTHING)
      if (head.status === 101) return 'changed'
    }
    return 'more'
  }

  /** The bytes of a read are good for a moment only. */
  #wait(bytes: Buffer): Progress {
    this.#backlog = Buffer.from(bytes)
    return 'more'
  }

  #begin(head: ResponseHead, first: Buffer): Progress {
    const scan = scanOf(head.framing, { limit: UNLIMITED, pass: this.#question.pass })
    const end = scan?.scan(first) ?? 0
    if (scan?.fault) return { malformed: scan.fault.reason }
    this.#head = head
    this.#scan = scan
    this.#clean = end === first.length
    this.#sink.answerHead(head, scan?.passed(first, end) ?? NOTHING)
    return scan?.done === false ? 'more' : 'complete'
  }

  #readBody(scan: BodyScan, bytes: Buffer): Progress {
    const end = scan.scan(bytes)
    if (scan.fault) return 'broken'
    if (end < bytes.length) this.#clean = false
    const passed = scan.passed(bytes, end)
    if (passed.length > 0) this.#sink.answerBytes(passed)
    return scan.done ? 'complete' : 'more'
  }
}
