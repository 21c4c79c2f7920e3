import type { OwnAnswer } from '../http1/answers.ts'
import { reject, type Rejection } from '../http1/rejection.ts'
import type { RequestHead } from '../http1/request-head.ts'
import type { Sender } from './sender.ts'
import { isLooping } from './via.ts'

/** Why a request that can be understood goes to no instance all the same. */
export function turnedAway(head: RequestHead, sender: Sender): Rejection | undefined {
  if (head.host !== undefined && !sender.covers(head.host))
    return reject(421, 'the certificate of this connection is for another host')
  return head.claims && isLooping(head.claims)
    ? reject(508, 'the request has been here before')
    : undefined
}

/** RFC 9110 §7.6.2: a request that may go no further is answered by whoever has it. */
export function ownWord({ method, claims }: RequestHead): OwnAnswer | undefined {
  if (claims?.maxForwards === undefined || Number(claims.maxForwards) !== 0) return undefined
  if (method === 'OPTIONS') return { status: 200, text: 'this is the proxy' }
  return method === 'TRACE'
    ? { status: 501, text: 'the proxy does not tell what it received' }
    : undefined
}
