/** Why a message is not passed on, and the status that says so. Expected, so a value. */
export interface Rejection {
  readonly kind: 'rejection'
  readonly status: 400 | 405 | 408 | 413 | 414 | 431 | 501 | 505
  readonly reason: string
}

export function reject(status: Rejection['status'], reason: string): Rejection {
  return { kind: 'rejection', status, reason }
}
