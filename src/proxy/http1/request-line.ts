import { isHost } from './host.ts'
import { isToken } from './field-line.ts'
import { reject, type Rejection } from './rejection.ts'

/** RFC 9112 §3 asks for at least 8000 octets. */
const TARGET_BYTES = 8192

const VISIBLE = /^[\u0021-\u0022\u0024-\u007E]+$/
const ABSOLUTE = /^http:\/\/([^/?]+)(.*)$/i

export interface RequestLine {
  readonly kind: 'request-line'
  readonly method: string
  /** In origin-form, or `*` for OPTIONS. */
  readonly target: string
  /** Of HTTP/1.x. */
  readonly minor: 0 | 1
  /** From an absolute-form target; the Host field must say the same. */
  readonly authority?: string
}

/** Reads `METHOD target HTTP/1.x` with exactly one space in both places (RFC 9112 §3). Unknown methods are welcome. */
export function parseRequestLine(line: string): RequestLine | Rejection {
  const first = line.indexOf(' ')
  const second = line.indexOf(' ', first + 1)
  if (first < 0 || second < 0)
    return reject(400, 'the request line has not three parts', 'request-line')
  const method = line.slice(0, first)
  if (!isToken(method)) return reject(400, 'the method is not a token', 'request-line')
  const version = line.slice(second + 1)
  if (version !== 'HTTP/1.1' && version !== 'HTTP/1.0') return badVersion(version)
  if (second - first - 1 > TARGET_BYTES) return reject(414, 'the target is too long')
  if (method === 'CONNECT') return reject(405, 'this is no tunnel')
  const target = line.slice(first + 1, second)
  if (!VISIBLE.test(target))
    return reject(400, 'the target has a character that is not allowed', 'target')
  return withTarget({ kind: 'request-line', method, target, minor: version === 'HTTP/1.1' ? 1 : 0 })
}

function badVersion(version: string): Rejection {
  return /^HTTP\/[0-9]\.[0-9]$/.test(version)
    ? reject(505, 'only HTTP/1.1 and HTTP/1.0 are spoken here')
    : reject(400, 'the version cannot be read', 'request-line')
}

function withTarget(line: RequestLine): RequestLine | Rejection {
  if (line.target.startsWith('/')) return line
  if (line.target === '*' && line.method === 'OPTIONS') return line
  const absolute = ABSOLUTE.exec(line.target)
  const authority = absolute?.[1]
  if (authority === undefined || !isHost(authority))
    return reject(400, 'the target is not a path', 'target')
  return { ...line, authority, target: originForm(line.method, absolute?.[2] ?? '') }
}

/** RFC 9112 §3.2.4: `OPTIONS http://host` means the server itself. */
function originForm(method: string, rest: string): string {
  if (rest.startsWith('/')) return rest
  return rest === '' && method === 'OPTIONS' ? '*' : `/${rest}`
}
