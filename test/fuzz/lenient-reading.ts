import { HTTPParser, type HTTPParserJS } from 'http-parser-js'
import { hostOf, type Message, originForm, type Reading } from './reading.ts'

HTTPParser.encoding = 'latin1'

/** What a lenient server makes of these reads: `http-parser-js` forgives what we and Node do not. */
export function lenientRequests(reads: readonly Buffer[]): Reading {
  return readingOf(HTTPParser.REQUEST, reads, () => false)
}

/** What a lenient client makes of these reads as the answer to `method`, and of the end of the connection. */
export function lenientAnswer(reads: readonly Buffer[], method: string): Reading {
  return readingOf(HTTPParser.RESPONSE, reads, (status) => method === 'HEAD' || status < 200)
}

function readingOf(
  type: 'REQUEST' | 'RESPONSE',
  reads: readonly Buffer[],
  skipsBody: (status: number) => boolean,
): Reading {
  const messages: Message[] = []
  const parser = parserOf(type, skipsBody, (message) => void messages.push(message))
  for (const read of reads) {
    const result = parser.execute(read)
    if (typeof result !== 'number') return { messages, rest: 'refused', why: result.message }
  }
  if (type === 'RESPONSE' && parser.finish() instanceof Error)
    return { messages, rest: 'refused', why: 'it ended too soon' }
  return { messages, rest: 'open' }
}

/** Reads requests one after the other, as they come. */
export function lenientServer(onRequest: (request: Message) => void): (bytes: Buffer) => void {
  const parser = parserOf('REQUEST', () => false, onRequest)
  return (bytes) => void parser.execute(bytes)
}

function parserOf(
  type: 'REQUEST' | 'RESPONSE',
  skipsBody: (status: number) => boolean,
  onMessage: (message: Message) => void,
): HTTPParserJS {
  let [start, host, body] = ['', '', '']
  const parser = new HTTPParser(type)
  refuseNegativeSizes(parser as unknown as BodyState)
  parser[HTTPParser.kOnHeadersComplete] = (info) => {
    const method = HTTPParser.methods[info.method] ?? ''
    start =
      type === 'REQUEST' ? `${method} ${originForm(method, info.url)}` : String(info.statusCode)
    if (type === 'REQUEST') host = hostOf(info.url ?? '', info.headers)
    return skipsBody(info.statusCode) ? 1 : 0
  }
  parser[HTTPParser.kOnBody] = (bytes, offset, length) =>
    void (body += bytes.toString('latin1', offset, offset + length))
  parser[HTTPParser.kOnMessageComplete] = () => {
    const message = { start, host, body }
    ;[start, host, body] = ['', '', '']
    if (!/^1..$/.test(message.start)) onMessage(message)
  }
  return parser
}

interface BodyState {
  body_bytes: number | null
  BODY_CHUNK: () => void
  BODY_SIZED: () => void
}

/** In a body or a chunk of a negative size it would go round for ever. */
function refuseNegativeSizes(parser: BodyState): void {
  for (const state of ['BODY_CHUNK', 'BODY_SIZED'] as const) {
    const read = parser[state]
    parser[state] = () => {
      if ((parser.body_bytes ?? 0) < 0) throw new Error('a negative size')
      read.call(parser)
    }
  }
}
