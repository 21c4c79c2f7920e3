import type { LimitSpec } from '../../core/service.ts'
import { headEnd } from './head-end.ts'
import { restOf } from './joined.ts'
import { reject, type Rejection } from './rejection.ts'
import { Repetition } from './repetition.ts'
import { parseRequestHead, type RequestHead } from './request-head.ts'

const CR = 0x0d
const LF = 0x0a
const EMPTY_LINE = '\r\n\r\n'
/** More of a read is not looked at for a head at once. */
const AT_ONCE = 8192

const REJECTIONS = {
  'broken-line': reject(400, 'a bare line break', 'head-unclean'),
  'line-too-long': reject(414, 'the request line is too long'),
  'too-large': reject(431, 'the head is too large'),
} as const

/** What a client has sent and nobody has taken yet. */
export class RequestIntake {
  #bytes: Buffer | undefined
  readonly #last = new Repetition()
  #skipped = false

  get length(): number {
    return this.#bytes?.length ?? 0
  }

  /** Keeps a copy: the bytes of a read are good for a moment only. */
  add(bytes: Buffer): void {
    this.#bytes = this.#bytes ? Buffer.concat([this.#bytes, bytes]) : Buffer.from(bytes)
  }

  clear(): void {
    this.#bytes = undefined
  }

  takeAll(): Buffer | undefined {
    const bytes = this.#bytes
    this.#bytes = undefined
    return bytes
  }

  /** The head in the first `length` bytes of a read, or in what was kept together with them. What follows it is kept. */
  headIn(buffer: Buffer, length: number, limits: LimitSpec): RequestHead | Rejection | undefined {
    if (this.#bytes || buffer[0] === CR) return this.#keptWith(buffer, length, limits)
    this.#skipped = false
    const text = buffer.toString('latin1', 0, Math.min(length, AT_ONCE))
    const again = text.length === length ? this.#last.of(text, limits) : undefined
    if (again) return again
    const end = text.indexOf(EMPTY_LINE) + EMPTY_LINE.length
    if (end < EMPTY_LINE.length || end > limits.headBytes)
      return this.#keptWith(buffer, length, limits)
    if (end === length) return this.#understood(text, limits)
    this.#bytes = Buffer.from(buffer.subarray(end, length))
    const head = buffer.toString('latin1', 0, end)
    return this.#last.of(head, limits) ?? this.#understood(head, limits)
  }

  /** `undefined` when there is no whole head yet. */
  takeHead(limits: LimitSpec): RequestHead | Rejection | undefined {
    if (!this.#skipped) this.#skipEmptyLine()
    const bytes = this.#bytes
    if (!bytes) return undefined
    const end = headEnd(bytes, limits.headBytes)
    if (end === 'incomplete') return undefined
    if (typeof end === 'string') return REJECTIONS[end]
    this.#bytes = restOf(bytes, end + 2)
    this.#skipped = false
    return parseRequestHead(bytes.toString('latin1', 0, end), limits)
  }

  /** `text` is a head and its empty line, and no more. */
  #understood(text: string, limits: LimitSpec): RequestHead | Rejection {
    const head = parseRequestHead(text.slice(0, -2), limits)
    if (head.kind === 'request') this.#last.keep(text, head, limits)
    return head
  }

  #keptWith(
    buffer: Buffer,
    length: number,
    limits: LimitSpec,
  ): RequestHead | Rejection | undefined {
    this.add(buffer.subarray(0, length))
    return this.takeHead(limits)
  }

  /** RFC 9112 §2.2: an empty line before a request is ignored. One: more of them would keep a connection for ever. */
  #skipEmptyLine(): void {
    const bytes = this.#bytes
    if (!bytes || bytes[0] !== CR || bytes[1] !== LF) return
    this.#bytes = restOf(bytes, 2)
    this.#skipped = true
  }
}
