import type { LimitSpec } from '../../core/service.ts'
import { type Claims, readClaims } from '../entry/claims.ts'
import { type Passage, passageOf } from '../entry/passage.ts'
import type { Framing } from './body-framing.ts'
import { type ConnectionOptions, parseConnection, withoutFields } from './connection-options.ts'
import { parseContentLength } from './content-length.ts'
import { isClean, isToken } from './field-line.ts'
import { isHost } from './host.ts'
import { reject, type Rejection } from './rejection.ts'
import { readRequestFields, type RequestFields } from './request-fields.ts'
import { parseRequestLine, type RequestLine } from './request-line.ts'

/** What a head may ask for. */
export type HeadLimits = Pick<LimitSpec, 'bodyBytes' | 'fields'>

const MOST_FIELDS = 128

const PREFACE_LINE = 'PRI * HTTP/2.0\r\n'
/** What a client begins with that speaks HTTP/2 without asking (RFC 9113 §3.4). Where that is not spoken, a fault. */
export const HTTP2_PREFACE: Rejection = reject(505, 'only HTTP/1.1 and HTTP/1.0 are spoken here')

/** How a head was last written for an instance, and with whose word. */
export interface WrittenHead {
  by: object | undefined
  fields: string
  text: string
}

export interface RequestHead {
  readonly kind: 'request'
  readonly method: string
  readonly target: string
  readonly minor: 0 | 1
  /** Only an HTTP/1.0 request may come without. */
  readonly host: string | undefined
  /** The lines to pass on as they are. */
  readonly fields: string
  readonly framing: Framing
  readonly keepAlive: boolean
  /** The protocol asked for, when the connection may change to it. */
  readonly upgrade: string | undefined
  readonly expects: boolean
  /** What it says of its way here. */
  readonly claims: Claims | undefined
  /** What it is given on its way. */
  readonly passage: Passage
  /** Shared by all requests with the same head on one connection. */
  readonly written: WrittenHead
}

/**
 * Reads the head of a request, strictly: what two parties could read in two ways is rejected (RFC 9112 §11.2).
 * `text` ends with the CR LF of its last line, without the empty line. `received` is said where the client speaks
 * another version than the text does.
 */
export function parseRequestHead(
  text: string,
  limits: HeadLimits,
  received?: '2.0',
): RequestHead | Rejection {
  if (!isClean(text)) return reject(400, 'a control character or a bare line break', 'head-unclean')
  const end = text.indexOf('\r\n')
  const line = parseRequestLine(text.slice(0, end))
  if (line.kind === 'rejection') return text === PREFACE_LINE ? HTTP2_PREFACE : line
  const fields = readRequestFields(text, end + 2, limits.fields ?? MOST_FIELDS)
  if (fields.kind === 'rejection') return fields
  const hostFault = faultOfHost(line, fields)
  if (hostFault) return hostFault
  const framing = framingOf(line, fields, limits.bodyBytes)
  if (framing.kind === 'rejection') return framing
  const connection = parseConnection(fields.connection)
  if (!connection) return reject(400, 'the Connection field is not a list of tokens', 'field')
  const claims = fields.claimed === '' ? undefined : readClaims(fields.claimed)
  return {
    kind: 'request',
    method: line.method,
    target: line.target,
    minor: line.minor,
    host: fields.host,
    fields: withoutFields(fields.kept, droppedOf(line, fields, connection)),
    framing,
    keepAlive: line.minor === 1 ? !connection.close : connection.keepAlive && !connection.close,
    upgrade: upgradeOf(line, fields, connection, framing),
    expects: fields.expects && framing.kind !== 'none' && line.minor === 1,
    claims,
    passage: passageOf(claims, received ?? (line.minor === 1 ? '1.1' : '1.0'), line.method),
    written: { by: undefined, fields: '', text: '' },
  }
}

/** An HTTP/1.0 client does not know 100, and must not be kept waiting for one (RFC 9110 §10.1.1). */
function droppedOf(
  line: RequestLine,
  fields: RequestFields,
  connection: ConnectionOptions,
): readonly string[] {
  return fields.expects && line.minor === 0 ? [...connection.named, 'expect'] : connection.named
}

/** RFC 9112 §3.2: exactly one valid Host, and with an absolute target the same host. */
function faultOfHost(line: RequestLine, fields: RequestFields): Rejection | undefined {
  if (fields.host === undefined) {
    if (line.minor === 1) return reject(400, 'the Host field is missing', 'host')
    fields.host = line.authority
    return undefined
  }
  if (!isHost(fields.host)) return reject(400, 'the Host field is not a host', 'host')
  if (line.authority === undefined) return undefined
  return line.authority.toLowerCase() === fields.host.toLowerCase()
    ? undefined
    : reject(400, 'the target and the Host field name different hosts', 'host')
}

/** RFC 9112 §6.1 and §6.3. */
function framingOf(
  line: RequestLine,
  fields: RequestFields,
  bodyBytes: number,
): Framing | Rejection {
  if (fields.coding !== undefined) {
    const fault = faultOfCoding(line, fields, fields.coding.toLowerCase())
    return fault ?? { kind: 'chunked' }
  }
  if (fields.length === undefined) return { kind: 'none' }
  const length = parseContentLength(fields.length)
  if (length === undefined) return reject(400, 'Content-Length is not one whole number', 'framing')
  if (length > bodyBytes) return reject(413, 'the body is too large')
  return { kind: 'length', length }
}

/** Only `chunked`, once and alone, in HTTP/1.1, is read by everybody in the same way. */
function faultOfCoding(
  line: RequestLine,
  fields: RequestFields,
  coding: string,
): Rejection | undefined {
  if (line.minor === 0) return reject(400, 'Transfer-Encoding in an HTTP/1.0 request', 'framing')
  if (fields.length !== undefined)
    return reject(400, 'Transfer-Encoding and Content-Length', 'framing')
  if (coding === 'chunked') return undefined
  return coding.includes('chunked') || !isToken(coding)
    ? reject(400, 'Transfer-Encoding is not exactly chunked', 'framing')
    : reject(501, 'the transfer coding is not known')
}

/** `h2c` is never passed on: it would open a connection whose requests nobody checks. */
function upgradeOf(
  line: RequestLine,
  fields: RequestFields,
  connection: ConnectionOptions,
  framing: Framing,
): string | undefined {
  if (!fields.upgrade || !connection.upgrade || line.minor === 0) return undefined
  if (framing.kind === 'chunked' || (framing.kind === 'length' && framing.length > 0))
    return undefined
  return /\bh2c?\b/i.test(fields.upgrade) ? undefined : fields.upgrade
}

/** No body is to come after this head. */
export function isComplete(head: RequestHead): boolean {
  return (
    head.framing.kind === 'none' || (head.framing.kind === 'length' && head.framing.length === 0)
  )
}
