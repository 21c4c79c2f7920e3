const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/** Doing it twice is the same as once (RFC 9110 §9.2.2), so a proxy may send it again. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method)
}
