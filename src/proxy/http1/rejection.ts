type Status = 400 | 405 | 408 | 413 | 414 | 417 | 421 | 429 | 431 | 501 | 505 | 508

/** What rejections are counted by. Stable; each stands in docs/reference/hardening.md. */
export type RejectionCode = (typeof CODES)[Status] | FaultCode

/** Which part of a message cannot be understood by everybody in the same way. */
type FaultCode =
  | 'head-unclean'
  | 'request-line'
  | 'target'
  | 'host'
  | 'field'
  | 'framing'
  | 'chunk'
  | 'trailer'
  | 'entrance'
  | 'connections'
  | 'rate'
  | 'flood'

/** Why a message is not passed on, and the status that says so. Expected, so a value. */
export interface Rejection {
  readonly kind: 'rejection'
  readonly status: Status
  readonly code: RejectionCode
  readonly reason: string
}

/** All but 400 say by themselves what was wrong. */
const CODES = {
  400: 'malformed',
  405: 'tunnel',
  408: 'too-slow',
  413: 'body-too-large',
  414: 'target-too-long',
  417: 'expectation',
  421: 'misdirected',
  429: 'too-many',
  431: 'head-too-large',
  501: 'coding',
  505: 'version',
  508: 'loop',
} as const

export function reject(
  status: Status,
  reason: string,
  code: RejectionCode = CODES[status],
): Rejection {
  return { kind: 'rejection', status, code, reason }
}
