import { parseConnection, withoutFields } from './connection-options.ts'
import type { Framing } from './body-framing.ts'
import { isClean } from './field-line.ts'
import { readResponseFields, type ResponseFields } from './response-fields.ts'

/** What the answer to a request depends on in the request. */
export interface Asked {
  readonly method: string
  readonly upgrade: string | undefined
}

export interface ResponseHead {
  readonly status: number
  readonly reason: string
  /** The lines to pass on as they are. */
  readonly fields: string
  readonly framing: Framing
  /** What Content-Length said; to HEAD, and with 304, it is told without a body. */
  readonly length: number | undefined
  readonly chunked: boolean
  /** Whether the instance keeps the connection, and how long it said it would. */
  readonly keepAlive: boolean
  readonly keepAliveMs: number | undefined
  readonly upgrade: string | undefined
  /** How it was last written for a client. The same head comes again and again from an instance. */
  written: WrittenAnswer | undefined
}

/** A head as it was written, and with what. */
export interface WrittenAnswer {
  readonly persistence: string
  readonly pass: 'bytes' | 'content'
  readonly fields: string
  readonly text: string
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5][0-9]{2})(?: (.*))?$/

/**
 * Reads the head of an answer as strictly as that of a request. A string says what is wrong with it.
 * `text` ends with the CR LF of its last line, without the empty line.
 */
export function parseResponseHead(text: string, asked: Asked): ResponseHead | string {
  if (!isClean(text)) return 'a control character or a bare line break in the head'
  const end = text.indexOf('\r\n')
  const parts = STATUS_LINE.exec(text.slice(0, end))
  if (!parts) return 'the status line cannot be read'
  const fields = readResponseFields(text, end + 2)
  if (typeof fields === 'string') return fields
  const status = Number(parts[2])
  const fault = faultOf(status, parts[1], fields, asked)
  if (fault) return fault
  const connection = parseConnection(fields.connection)
  if (!connection) return 'the Connection field is not a list of tokens'
  return {
    status,
    reason: parts[3] ?? '',
    fields: withoutFields(fields.kept, connection.named),
    framing: framingOf(status, fields, asked),
    length: fields.length,
    chunked: fields.chunked,
    keepAlive: !connection.close && (parts[1] === '1' || connection.keepAlive),
    keepAliveMs: fields.keepAliveMs,
    upgrade: fields.upgrade,
    written: undefined,
  }
}

function faultOf(
  status: number,
  minor: string | undefined,
  fields: ResponseFields,
  asked: Asked,
): string | undefined {
  // RFC 9110 §15.2: HTTP/1.0 has none. Who speaks it ends the connection with what we would take for the first of two.
  if (status < 200 && minor === '0') return 'an interim answer of HTTP/1.0'
  if (fields.chunked && minor === '0') return 'Transfer-Encoding in an HTTP/1.0 answer'
  if (fields.chunked && fields.length !== undefined) return 'Transfer-Encoding and Content-Length'
  if (status === 101 && asked.upgrade === undefined) return 'it changed the protocol unasked'
  return undefined
}

/** RFC 9112 §6.3. */
function framingOf(status: number, fields: ResponseFields, asked: Asked): Framing {
  if (asked.method === 'HEAD' || status < 200 || status === 204 || status === 304)
    return { kind: 'none' }
  if (fields.chunked) return { kind: 'chunked' }
  if (fields.length !== undefined) return { kind: 'length', length: fields.length }
  return { kind: 'until-close' }
}
