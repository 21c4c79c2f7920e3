import type { ResponseHead } from '../http1/response-head.ts'
import { fieldIn } from './field-in.ts'

/** Shared caches may not store it (RFC 9111 §3). */
const NOT_SHARED = /(?:^|[\s,])(?:no-store|private)(?:$|[\s,;])/i

/**
 * An answer with the line that gives a cookie to its client. A shared cache that stored it would give the same cookie
 * to everybody (RFC 9111 §7.3), so it is made private where it is not. That is so for one answer of each user only:
 * those that come with their cookie are answered as the application wishes.
 */
export function withCookie(head: ResponseHead, line: string): ResponseHead {
  const control = fieldIn(head.fields, 'cache-control')
  const shared = head.status !== 101 && !(control !== undefined && NOT_SHARED.test(control))
  return { ...head, fields: head.fields + line + (shared ? 'Cache-Control: private\r\n' : '') }
}
