const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ETIMEDOUT: 'connecting took too long',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ENOTFOUND: 'host not found',
  ENOENT: 'no socket at its path',
}

/**
 * What this code says of the instance; `undefined` when it says nothing: the proxy has no more files or ports (`EMFILE`,
 * `EADDRNOTAVAIL`), or the queue of a unix socket is full for a moment (`EAGAIN`).
 */
export function reasonOf(code: string): string | undefined {
  return REASONS[code]
}
