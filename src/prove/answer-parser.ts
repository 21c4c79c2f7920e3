import type { Answer } from './answer.ts'

const HEAD_END = Buffer.from('\r\n\r\n')
const MAX_HEAD = 64 * 1_024
/** Of a longer body the rest is read and counted, but not kept. */
const MAX_KEPT = 1_024 * 1_024

interface Head {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly framing: 'none' | 'length' | 'chunked' | 'until-close'
  readonly reusable: boolean
}

/**
 * Reads one HTTP/1.1 answer to a request that was not HEAD (RFC 9112 §6). Interim answers (1xx but 101) are skipped.
 * A fault in the answer throws a SyntaxError.
 */
export class AnswerParser {
  #rest: Buffer = Buffer.alloc(0)
  #head: Head | undefined
  #missing = 0
  #bytes = 0
  readonly #body: Buffer[] = []

  /** What came behind the answer, once it is whole: of another protocol after 101, else nothing may. */
  get rest(): Buffer {
    return this.#rest
  }

  /** Takes the next bytes; the answer when it is whole. */
  push(chunk: Buffer): Answer | undefined {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    this.#head ??= this.#takeHead()
    if (!this.#head) return undefined
    return this.#takeBody(this.#head.framing) ? this.#answer(this.#head) : undefined
  }

  /** The server has closed: the answer, when closing is what ends it. */
  end(): Answer | undefined {
    return this.#head?.framing === 'until-close' ? this.#answer(this.#head) : undefined
  }

  #answer(head: Head): Answer {
    const { status, headers, reusable } = head
    return { status, headers, reusable, body: Buffer.concat(this.#body), bytes: this.#bytes }
  }

  #takeHead(): Head | undefined {
    for (;;) {
      const end = this.#rest.indexOf(HEAD_END)
      if (end < 0) {
        if (this.#rest.length > MAX_HEAD) throw new SyntaxError('the head of the answer never ends')
        return undefined
      }
      const head = parseHead(this.#rest.toString('latin1', 0, end))
      this.#rest = this.#rest.subarray(end + HEAD_END.length)
      if (head.status >= 200 || head.status === 101) {
        if (head.framing === 'length') this.#missing = Number(head.headers['content-length'])
        return head
      }
    }
  }

  #takeBody(framing: Head['framing']): boolean {
    switch (framing) {
      case 'none':
        return true
      case 'length':
        this.#take(this.#missing)
        return this.#missing === 0
      case 'until-close':
        this.#missing = this.#rest.length
        this.#take(this.#missing)
        return false
      case 'chunked':
        return this.#takeChunks()
    }
  }

  #take(most: number): void {
    const piece = this.#rest.subarray(0, most)
    this.#rest = this.#rest.subarray(piece.length)
    this.#missing -= piece.length
    if (piece.length === 0) return
    if (this.#bytes < MAX_KEPT) this.#body.push(piece)
    this.#bytes += piece.length
  }

  /** `#missing` counts the bytes of the open chunk. Trailers are not expected and are a fault. */
  #takeChunks(): boolean {
    for (;;) {
      this.#take(this.#missing)
      if (this.#missing > 0) return false
      const line = this.#takeLine()
      if (line === undefined) return false
      if (line === 'last') return true
      this.#missing = line
    }
  }

  #takeLine(): number | 'last' | undefined {
    // The line break behind a chunk's data stands before the next chunk's size.
    const start = this.#rest[0] === 13 && this.#bytes > 0 ? 2 : 0
    const end = this.#rest.indexOf('\r\n', start)
    if (end < 0) return undefined
    const size = /^[0-9a-f]{1,8}$/i.exec(this.#rest.toString('latin1', start, end))?.[0]
    if (size === undefined) throw new SyntaxError('the size of a chunk is not a number')
    if (Number.parseInt(size, 16) > 0) {
      this.#rest = this.#rest.subarray(end + 2)
      return Number.parseInt(size, 16)
    }
    if (this.#rest.length < end + 4) return undefined
    if (this.#rest.toString('latin1', end + 2, end + 4) !== '\r\n')
      throw new SyntaxError('the answer has trailers')
    this.#rest = this.#rest.subarray(end + 4)
    return 'last'
  }
}

function parseHead(text: string): Head {
  const [first = '', ...lines] = text.split('\r\n')
  const match = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(first)
  if (!match) throw new SyntaxError(`the answer begins with ${JSON.stringify(first.slice(0, 40))}`)
  const status = Number(match[2])
  const headers = Object.fromEntries(lines.map(headerIn))
  const framing = framingOf(status, headers)
  const options = headers['connection']?.toLowerCase() ?? ''
  const reusable = match[1] === '1' && !options.includes('close') && framing !== 'until-close'
  return { status, headers, framing, reusable }
}

function headerIn(line: string): [string, string] {
  const colon = line.indexOf(':')
  if (colon < 1) throw new SyntaxError('the answer has a header without a name')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}

function framingOf(status: number, headers: Readonly<Record<string, string>>): Head['framing'] {
  if (status === 101 || status === 204 || status === 304) return 'none'
  if (headers['transfer-encoding']?.toLowerCase() === 'chunked') return 'chunked'
  const length = headers['content-length']
  if (length === undefined) return 'until-close'
  if (!/^\d{1,15}$/.test(length)) throw new SyntaxError('the answer has no usable Content-Length')
  return 'length'
}
