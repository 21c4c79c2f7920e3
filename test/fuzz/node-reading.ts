import { createRequire } from 'node:module'
import { hostOf, type Message, originForm, type Reading } from './reading.ts'

/** The parser of Node's own server and client, as far as it is used here. */
interface NodeParser {
  [callback: number]: unknown
  initialize(type: number, resource: object, headBytes: number, leniency: number): void
  execute(bytes: Buffer): number | (Error & { readonly reason?: string })
  finish(): unknown
  /** It is kept for ever without this. */
  close(): void
}

interface NodeParserClass {
  new (): NodeParser
  readonly REQUEST: number
  readonly RESPONSE: number
  readonly kOnHeaders: number
  readonly kOnHeadersComplete: number
  readonly kOnBody: number
  readonly kOnMessageComplete: number
  readonly kLenientNone: number
}

const { HTTPParser, methods } = createRequire(import.meta.url)('_http_common') as {
  readonly HTTPParser: NodeParserClass
  readonly methods: readonly string[]
}

const HEAD_BYTES = 65_536

/** The methods that Node's parser knows. */
export const NODE_METHODS: ReadonlySet<string> = new Set(methods)

/** What Node's server makes of these reads, as strict as it is by default. */
export function nodeRequests(reads: readonly Buffer[]): Reading {
  return readingOf(HTTPParser.REQUEST, reads, () => 0)
}

/** What Node's client makes of these reads as the answer to `method`, and of the end of the connection. */
export function nodeAnswer(reads: readonly Buffer[], method: string): Reading {
  const skipsBody = (status: number): number => (method === 'HEAD' || status < 200 ? 1 : 0)
  return readingOf(HTTPParser.RESPONSE, reads, skipsBody)
}

function readingOf(
  type: number,
  reads: readonly Buffer[],
  skipsBody: (status: number) => number,
): Reading {
  const messages: Message[] = []
  let [fields, url, start, host, body]: [string[], string, string, string, string] = [
    [],
    '',
    '',
    '',
    '',
  ]
  const parser = new HTTPParser()
  parser.initialize(type, {}, HEAD_BYTES, HTTPParser.kLenientNone)
  parser[HTTPParser.kOnHeaders] = (more: string[], part: string) => {
    // After the head, these are the trailer's.
    if (start !== '') return
    fields.push(...more)
    url ||= part
  }
  parser[HTTPParser.kOnHeadersComplete] = (
    ...[, , more, method, target, status]: [number, number, string[]?, number?, string?, number?]
  ) => {
    if (more) fields.push(...more)
    const name = methods[method ?? 0] ?? ''
    start =
      type === HTTPParser.REQUEST ? `${name} ${originForm(name, target ?? url)}` : String(status)
    if (type === HTTPParser.REQUEST) host = hostOf(target ?? url, fields)
    return skipsBody(status ?? 0)
  }
  parser[HTTPParser.kOnBody] = (bytes: Buffer) => void (body += bytes.toString('latin1'))
  parser[HTTPParser.kOnMessageComplete] = () => {
    if (!/^1..$/.test(start)) messages.push({ start, host, body })
    ;[fields, url, start, host, body] = [[], '', '', '', '']
  }
  const why = faultIn(parser, type, reads)
  parser.close()
  return why === undefined ? { messages, rest: 'open' } : { messages, rest: 'refused', why }
}

function faultIn(parser: NodeParser, type: number, reads: readonly Buffer[]): string | undefined {
  for (const read of reads) {
    const result = parser.execute(read)
    if (typeof result !== 'number') return result.reason ?? result.message
  }
  const cut = type === HTTPParser.RESPONSE && parser.finish() instanceof Error
  return cut ? 'it ended too soon' : undefined
}
