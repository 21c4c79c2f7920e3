const NOBODY = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']

/** Whether a connection failed with this error because nobody listens there, or whoever did ended before the answer. */
export function isNobodyThere(error: unknown): boolean {
  return NOBODY.includes(String((error as { code?: unknown }).code))
}
