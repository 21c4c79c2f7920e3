import { fieldIn } from '../routing/field-in.ts'

const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/**
 * Doing it twice is the same as once, so a proxy may send it again: by its method (RFC 9110 §9.2.2), or because the
 * client gave it a key by which the application knows it again (draft-ietf-httpapi-idempotency-key-header §2).
 */
export function isIdempotent(method: string, fields: string): boolean {
  return IDEMPOTENT.has(method) || isKeyed(fields)
}

function isKeyed(fields: string): boolean {
  const key = fieldIn(fields, 'idempotency-key')
  return key !== undefined && key !== '' && key !== '""'
}
