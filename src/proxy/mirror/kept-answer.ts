import { scanOf } from '../http1/body-framing.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import { KeptBody } from './kept-body.ts'

/** One answer as it came, to be compared with another. */
export class KeptAnswer {
  readonly head: ResponseHead
  /** To its head, in milliseconds. */
  readonly headMs: number
  readonly #body: KeptBody
  readonly #pass: 'bytes' | 'content'

  /** `pass`: how the bytes of its body come. */
  constructor(
    head: ResponseHead,
    parts: { readonly headMs: number; readonly pass: 'bytes' | 'content'; readonly most: number },
  ) {
    this.head = head
    this.headMs = parts.headMs
    this.#pass = parts.pass
    this.#body = new KeptBody(parts.most)
  }

  get tooLarge(): boolean {
    return this.#body.tooLarge
  }

  keep(bytes: Buffer): void {
    this.#body.keep(bytes)
  }

  /** What the body carries, without its chunks; `undefined` when it was too large to be kept. */
  content(): Buffer | undefined {
    if (this.tooLarge) return undefined
    const bytes = this.#body.all()
    const { framing } = this.head
    if (framing.kind !== 'chunked' || this.#pass === 'content') return bytes
    const scan = scanOf(framing, { limit: Number.MAX_SAFE_INTEGER, pass: 'content' })
    const end = scan?.scan(bytes) ?? -1
    return end < 0 ? bytes : scan?.passed(bytes, end)
  }
}
