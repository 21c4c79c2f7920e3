import { ownAnswer } from '../http1/answers.ts'
import type { RequestHead } from '../http1/request-head.ts'
import type { LimitSpec } from '../../core/service.ts'
import type { Proof } from '../tls/credentials.ts'

/** What a redirect depends on. */
export interface RedirectTerms {
  readonly limits: LimitSpec
  /** The port that speaks HTTPS. */
  readonly port: number
  readonly proofs: readonly Proof[]
}

const PROOFS = '/.well-known/acme-challenge/'
const LAST = 'Connection: close\r\n'

/** RFC 9110 §15.4.9: 308 keeps the method. */
export function redirectAnswer(head: RequestHead, terms: RedirectTerms): string {
  const proof = proofFor(head, terms)
  if (proof !== undefined) return answer('200 OK', 'Content-Type: application/octet-stream', proof)
  if (head.host === undefined)
    return ownAnswer({ status: 400, text: 'the Host field is missing' }, head.method, LAST)
  const name = head.host.replace(/:[0-9]+$/, '')
  const port = terms.port === 443 ? '' : `:${terms.port}`
  const path = head.target.startsWith('/') ? head.target : '/'
  return answer('308 Permanent Redirect', `Location: https://${name}${port}${path}`, '')
}

/** RFC 8555 §8.3. */
function proofFor({ method, target }: RequestHead, { proofs }: RedirectTerms): string | undefined {
  if (method !== 'GET' || !target.startsWith(PROOFS)) return undefined
  const token = target.slice(PROOFS.length)
  const proof = proofs.find((each) => each.kind === 'http-01' && each.token === token)
  return proof?.kind === 'http-01' ? proof.content : undefined
}

function answer(status: string, line: string, body: string): string {
  return (
    `HTTP/1.1 ${status}\r\nDate: ${new Date().toUTCString()}\r\n${line}\r\n` +
    `Content-Length: ${body.length}\r\n${LAST}\r\n${body}`
  )
}
