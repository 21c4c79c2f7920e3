import type { RejectionCode } from '../../src/proxy/http1/rejection.ts'

/** One request, byte for byte, and what becomes of it by the rules of docs/reference/hardening.md. */
export interface RequestVector {
  /** A sentence. */
  readonly name: string
  /** What the client sends, in latin1. */
  readonly bytes: string
  readonly expected: Forwarded | Refused
}

export interface Forwarded {
  /** What the instance receives, in latin1, but for the lines that say how it came there. */
  readonly forwarded: string
}

export interface Refused {
  readonly status: number
  readonly code: RejectionCode
}

/** A head: these lines, and the empty one. */
export function headOf(...lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join('') + '\r\n'
}

/** A GET to host `a` with these lines. */
export function get(...lines: readonly string[]): string {
  return headOf('GET / HTTP/1.1', 'Host: a', ...lines)
}

/** A POST to host `a` with these lines and this body. */
export function post(lines: readonly string[], body = ''): string {
  return headOf('POST / HTTP/1.1', 'Host: a', ...lines) + body
}

export function refused(status: number, code: RejectionCode): Refused {
  return { status, code }
}

/** What the instance receives: these lines, then `more`. */
export function forwarded(lines: readonly string[], more = '\r\n'): Forwarded {
  return { forwarded: lines.map((line) => `${line}\r\n`).join('') + more }
}

/** The GET of `get` as the instance receives it. */
export function forwardedGet(...lines: readonly string[]): Forwarded {
  return forwarded(['GET / HTTP/1.1', 'Host: a', ...lines])
}

/** The POST of `post` as the instance receives it. */
export function forwardedPost(lines: readonly string[], body = ''): Forwarded {
  return forwarded(['POST / HTTP/1.1', 'Host: a', ...lines], `\r\n${body}`)
}
