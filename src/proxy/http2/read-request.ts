import { randomBytes } from 'node:crypto'
import type { LimitSpec } from '../../core/service.ts'
import { reject, type Rejection } from '../http1/rejection.ts'
import { type HeadLimits, parseRequestHead, type RequestHead } from '../http1/request-head.ts'
import { fieldLine } from './field-lines.ts'

/** None of them has a place in a part of a request line. */
const BLANK = /[\0-\u0020\u007F]/

interface Pseudo {
  method: string | undefined
  scheme: string | undefined
  authority: string | undefined
  path: string | undefined
  protocol: string | undefined
}

interface Fields {
  readonly kind: 'fields'
  readonly pseudo: Pseudo
  readonly host: string | undefined
  readonly lines: string
}

/**
 * Reads the head of a request of HTTP/2: as the head of HTTP/1.1 that it becomes, by the same rules, after those that
 * are HTTP/2's own (RFC 9113 §8.2, §8.3). `pairs` are names and values in turn; `ended` says that no body comes.
 */
export function readRequest(
  pairs: readonly string[],
  ended: boolean,
  limits: HeadLimits & Pick<LimitSpec, 'headBytes'>,
): RequestHead | Rejection {
  const fields = readFields(pairs)
  if (fields.kind === 'rejection') return fields
  if (fields.lines.length > limits.headBytes) return reject(431, 'the head is too large')
  const { pseudo, host } = fields
  const fault = faultOf(pseudo, host)
  if (fault) return fault
  const { method = '', path = '', authority = host ?? '' } = pseudo
  const framing = ended || hasLength(fields.lines) ? '' : 'transfer-encoding: chunked\r\n'
  const first = (verb: string): string => `${verb} ${path} HTTP/1.1\r\nhost: ${authority}\r\n`
  if (pseudo.protocol === undefined)
    return parseRequestHead(first(method) + fields.lines + framing, limits, '2.0')
  return parseRequestHead(
    first('GET') + fields.lines + upgradeLines(pseudo.protocol),
    limits,
    '2.0',
  )
}

function readFields(pairs: readonly string[]): Fields | Rejection {
  const pseudo = noPseudo()
  let host: string | undefined
  let lines = ''
  let cookie = ''
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const [name = '', value = ''] = [pairs[at], pairs[at + 1]]
    if (name.startsWith(':')) {
      if (!takePseudo(pseudo, name, value)) return reject(400, `${name} is not one`, 'field')
      continue
    }
    const line = fieldLine(name, value)
    if (line === undefined) return reject(400, 'a field that cannot be one', 'field')
    if (isForOneHop(name, value)) return reject(400, `${name} has no place in HTTP/2`, 'field')
    if (name === 'cookie') cookie += cookie === '' ? value : `; ${value}`
    else if (name !== 'host') lines += line
    else if (host === undefined) host = value
    else return reject(400, 'more than one Host field', 'host')
  }
  if (cookie !== '') lines += `cookie: ${cookie}\r\n`
  return { kind: 'fields', pseudo, host, lines }
}

function noPseudo(): Pseudo {
  return {
    method: undefined,
    scheme: undefined,
    authority: undefined,
    path: undefined,
    protocol: undefined,
  }
}

/** Each once (RFC 9113 §8.3). */
function takePseudo(pseudo: Pseudo, name: string, value: string): boolean {
  const key = name.slice(1)
  if (!Object.hasOwn(pseudo, key) || pseudo[key as keyof Pseudo] !== undefined) return false
  if (BLANK.test(value)) return false
  pseudo[key as keyof Pseudo] = value
  return true
}

/** RFC 9113 §8.3.1: one authority, an origin that is ours to serve, and a path. */
function faultOf(
  { method, scheme, authority, path, protocol }: Pseudo,
  host: string | undefined,
): Rejection | undefined {
  if (method === 'CONNECT' && protocol === undefined) return reject(405, 'this is no tunnel')
  if (scheme !== 'http' && scheme !== 'https')
    return reject(400, 'the scheme is not http or https', 'request-line')
  if (path === undefined || !(path.startsWith('/') || path === '*'))
    return reject(400, 'the target is not a path', 'target')
  const isOne = authority === undefined || host === undefined || isSame(authority, host)
  if (!isOne) return reject(400, ':authority and Host name different hosts', 'host')
  if (protocol === undefined) return undefined
  return method === 'CONNECT' && protocol === 'websocket'
    ? undefined
    : reject(501, 'only websocket can be connected to')
}

function isSame(authority: string, host: string): boolean {
  return authority.toLowerCase() === host.toLowerCase()
}

/** RFC 9113 §8.2.2. */
function isForOneHop(name: string, value: string): boolean {
  switch (name) {
    case 'connection':
    case 'proxy-connection':
    case 'keep-alive':
    case 'transfer-encoding':
    case 'upgrade':
      return true
    case 'te':
      return value.toLowerCase() !== 'trailers'
    default:
      return false
  }
}

function hasLength(lines: string): boolean {
  return lines.startsWith('content-length:') || lines.includes('\r\ncontent-length:')
}

/** RFC 8441 §5: over HTTP/1.1 the same is asked for by an upgrade, which needs a key. */
function upgradeLines(protocol: string): string {
  const key = randomBytes(16).toString('base64')
  return `connection: upgrade\r\nupgrade: ${protocol}\r\nsec-websocket-key: ${key}\r\n`
}
