/** What rejections are counted by. Stable; each stands in docs/reference/hardening.md. */
export type RejectionCode = (typeof CODES)[TellingStatus] | FaultCode

/** Which part of a message cannot be understood by everybody in the same way, or which limit was met. */
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
  readonly status: TellingStatus | VagueStatus
  readonly code: RejectionCode
  readonly reason: string
}

/** These say by themselves what was wrong; the others need a code. */
type TellingStatus = keyof typeof CODES
type VagueStatus = 400 | 429

const CODES = {
  405: 'tunnel',
  408: 'too-slow',
  413: 'body-too-large',
  414: 'target-too-long',
  417: 'expectation',
  421: 'misdirected',
  431: 'head-too-large',
  501: 'coding',
  505: 'version',
  508: 'loop',
} as const

export function reject(status: TellingStatus, reason: string): Rejection
export function reject(status: VagueStatus, reason: string, code: FaultCode): Rejection
export function reject(
  status: TellingStatus | VagueStatus,
  reason: string,
  code?: FaultCode,
): Rejection {
  // Who gives no code has given a status that tells.
  return { kind: 'rejection', status, code: code ?? CODES[status as TellingStatus], reason }
}
