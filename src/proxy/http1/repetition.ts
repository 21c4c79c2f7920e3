import type { LimitSpec } from '../../core/service.ts'
import { passageOf } from '../entry/passage.ts'
import { isClean } from './field-line.ts'
import type { RequestHead } from './request-head.ts'
import { parseRequestLine } from './request-line.ts'

/**
 * The last head of a connection. A client says the same fields again and again, often the same line before them too:
 * what was understood once is understood, and costs no second look.
 */
export class Repetition {
  #head: RequestHead | undefined
  #limits: LimitSpec | undefined
  #text = ''
  #fields = ''

  /** Remembers a head that was accepted; `text` is all of it, the empty line included. */
  keep(text: string, head: RequestHead, limits: LimitSpec): void {
    this.#head = head
    this.#limits = limits
    this.#text = text
    this.#fields = text.slice(text.indexOf('\r\n'))
  }

  /** The head that `text` is, when it says what the last one said, but perhaps for the target. */
  of(text: string, limits: LimitSpec): RequestHead | undefined {
    const head = this.#head
    if (!head || limits !== this.#limits) return undefined
    if (text === this.#text) return { ...head, passage: passageFor(head) }
    // Twice as fast as `endsWith`.
    const isAlike = text.slice(-this.#fields.length) === this.#fields
    return isAlike ? this.#withTarget(text, head) : undefined
  }

  /** A target in absolute form has a say in the host, and is read the long way. */
  #withTarget(text: string, head: RequestHead): RequestHead | undefined {
    const first = text.slice(0, text.length - this.#fields.length)
    if (!isClean(first) || first.includes('\r\n')) return undefined
    const line = parseRequestLine(first)
    if (line.kind === 'rejection' || line.authority !== undefined) return undefined
    if (line.method !== head.method || line.minor !== head.minor) return undefined
    const written = { by: undefined, fields: '', text: '' }
    return { ...head, target: line.target, passage: passageFor(head), written }
  }
}

function passageFor({ claims, minor, method }: RequestHead): RequestHead['passage'] {
  return passageOf(claims, minor === 1 ? '1.1' : '1.0', method)
}
