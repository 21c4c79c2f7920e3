const CLOSED = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM']

/**
 * What `read` finds of another process; `undefined` when that is gone or closed to us: processes come and go while they
 * are looked at, and those of others may not be. Throws on whatever else goes wrong.
 */
export function unlessClosed<Found>(read: () => Found): Found | undefined {
  try {
    return read()
  } catch (error) {
    if (CLOSED.includes(String((error as { code?: unknown }).code))) return undefined
    throw error
  }
}
