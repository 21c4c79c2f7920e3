import type { LimitSpec } from '../../core/service.ts'
import { headEnd } from './head-end.ts'
import { joined, restOf } from './joined.ts'
import { reject, type Rejection } from './rejection.ts'
import { parseRequestHead, type RequestHead } from './request-head.ts'

const CR = 0x0d
const LF = 0x0a

const REJECTIONS = {
  'broken-line': reject(400, 'a bare line break'),
  'line-too-long': reject(414, 'the request line is too long'),
  'too-large': reject(431, 'the head is too large'),
} as const

/** What a client has sent and nobody has taken yet. */
export class RequestIntake {
  #bytes: Buffer | undefined

  get length(): number {
    return this.#bytes?.length ?? 0
  }

  add(bytes: Buffer): void {
    this.#bytes = joined(this.#bytes, bytes)
  }

  clear(): void {
    this.#bytes = undefined
  }

  takeAll(): Buffer | undefined {
    const bytes = this.#bytes
    this.#bytes = undefined
    return bytes
  }

  /** `undefined` when there is no whole head yet. */
  takeHead(limits: LimitSpec): RequestHead | Rejection | undefined {
    this.#skipEmptyLine()
    const bytes = this.#bytes
    if (!bytes) return undefined
    const end = headEnd(bytes, limits.headBytes)
    if (end === 'incomplete') return undefined
    if (typeof end === 'string') return REJECTIONS[end]
    this.#bytes = restOf(bytes, end + 2)
    return parseRequestHead(bytes.toString('latin1', 0, end), limits.bodyBytes)
  }

  /** RFC 9112 §2.2: an empty line before a request is ignored. */
  #skipEmptyLine(): void {
    const bytes = this.#bytes
    if (bytes && bytes[0] === CR && bytes[1] === LF) this.#bytes = restOf(bytes, 2)
  }
}
