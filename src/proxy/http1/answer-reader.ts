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
/** An answer up to this size that comes in one read is passed on in one piece. */
const AT_ONCE = 8192
const EMPTY_LINE = '\r\n\r\n'

/** Reads the answers of one connection, one for each question, and tells a sink of each as it comes. */
export class AnswerReader {
  #question: Question | undefined
  #sink: AnswerSink | undefined
  #scan: BodyScan | undefined
  #head: ResponseHead | undefined
  #backlog: Buffer | undefined
  #heard = false
  #clean = true
  /** The head of the last plain answer. An instance says the same again and again, but for the date. */
  #lastText = ''
  #lastHead: ResponseHead | undefined

  /** From now on what comes is the answer to this question. */
  ask(question: Question, sink: AnswerSink): void {
    this.#question = question
    this.#sink = sink
    this.#scan = undefined
    this.#head = undefined
    this.#backlog = undefined
    this.#heard = false
    this.#clean = true
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

  read(buffer: Buffer, length: number): Progress {
    const isFirst = !this.#heard
    this.#heard = true
    if (isFirst && length <= AT_ONCE) {
      const progress = this.#readWhole(buffer, length)
      if (progress) return progress
    }
    const bytes = buffer.subarray(0, length)
    return this.#scan ? this.#readBody(this.#scan, bytes) : this.#readHead(bytes)
  }

  /** The instance has said its last. */
  end(): Progress {
    this.#clean = false
    return this.#scan?.endsByClose ? 'complete' : 'broken'
  }

  /** Nearly always: a head and a body of known length, all of it in one read. `undefined` leaves it to the long way. */
  #readWhole(buffer: Buffer, length: number): Progress | undefined {
    const question = this.#question
    if (!question || question.method === 'HEAD' || question.upgrade !== undefined) return undefined
    const text = buffer.toString('latin1', 0, length)
    const head = this.#headOf(text, question)
    if (head?.framing.kind !== 'length' || head.status < 200) return undefined
    const at = this.#lastText.length
    if (length - at !== head.framing.length) return undefined
    this.#head = head
    const body = text.slice(at)
    if (this.#sink?.answerWhole) this.#sink.answerWhole(head, body)
    else this.#sink?.answerHead(head, Buffer.from(body, 'latin1'))
    return 'complete'
  }

  #headOf(text: string, question: Question): ResponseHead | undefined {
    // Twice as fast as `startsWith`.
    const begins = text.slice(0, this.#lastText.length) === this.#lastText
    if (this.#lastHead && begins) return this.#lastHead
    const end = text.indexOf(EMPTY_LINE) + 2
    if (end < 2 || end + 2 > question.headBytes) return undefined
    const head = parseResponseHead(text.slice(0, end), question)
    if (typeof head === 'string') return undefined
    this.#lastText = text.slice(0, end + 2)
    this.#lastHead = head
    return head
  }

  #readHead(bytes: Buffer): Progress {
    const question = this.#question
    if (!question) return 'broken'
    let left: Buffer | undefined = joined(this.#backlog, bytes)
    while (left) {
      this.#backlog = left
      const end = headEnd(left, question.headBytes)
      if (end === 'incomplete') return this.#wait(left)
      if (typeof end === 'string') return { malformed: `a fault in the head: ${end}` }
      const head = parseResponseHead(left.toString('latin1', 0, end), question)
      if (typeof head === 'string') return { malformed: head }
      left = restOf(left, end + 2)
      this.#backlog = left
      if (head.status >= 200) return this.#begin(head, left ?? NOTHING, question)
      this.#sink?.answerHead(head, NOTHING)
      if (head.status === 101) return 'changed'
    }
    return 'more'
  }

  /** The bytes of a read are good for a moment only. */
  #wait(bytes: Buffer): Progress {
    this.#backlog = Buffer.from(bytes)
    return 'more'
  }

  #begin(head: ResponseHead, first: Buffer, question: Question): Progress {
    const scan = scanOf(head.framing, { limit: UNLIMITED, pass: question.pass })
    const end = scan?.scan(first) ?? 0
    if (scan?.fault) return { malformed: scan.fault.reason }
    this.#head = head
    this.#scan = scan
    this.#clean = end === first.length
    this.#sink?.answerHead(head, scan?.passed(first, end) ?? NOTHING)
    return scan ? this.#progressOf(scan) : 'complete'
  }

  #readBody(scan: BodyScan, bytes: Buffer): Progress {
    const end = scan.scan(bytes)
    if (scan.fault) return 'broken'
    if (end < bytes.length) this.#clean = false
    const passed = scan.passed(bytes, end)
    if (passed.length > 0) this.#sink?.answerBytes(passed)
    return this.#progressOf(scan)
  }

  #progressOf(scan: BodyScan): Progress {
    if (!scan.done) return 'more'
    if (scan.trailers) this.#sink?.answerTrailers?.(scan.trailers)
    return 'complete'
  }
}
