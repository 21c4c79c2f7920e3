const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ETIMEDOUT: 'connecting took too long',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ENOTFOUND: 'host not found',
}

/** What this code says of the instance; `undefined` when the fault is our own, such as too many open files. */
export function reasonOf(code: string): string | undefined {
  return REASONS[code]
}
