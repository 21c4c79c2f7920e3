import type { OwnAnswer } from '../http1/answers.ts'
import { reject, type Rejection } from '../http1/rejection.ts'
import { isComplete, type RequestHead } from '../http1/request-head.ts'
import type { ClientSide } from '../plane/client-side.ts'
import type { RequestSink } from '../plane/request-sink.ts'
import { answered } from './answered.ts'
import type { Sender } from './sender.ts'
import { isLooping } from './via.ts'

/** Answers a request that can be understood and all the same goes to no instance; nothing for all others. */
export function dismissal(client: ClientSide, head: RequestHead): RequestSink | undefined {
  if (!head.claims && !client.sender.names) return undefined
  const rejection = turnedAway(head, client.sender)
  if (rejection) return answered(() => client.reject(rejection))
  const answer = ownWord(head)
  return answer && answered(() => client.own(answer, isComplete(head)))
}

/** RFC 9110 §7.4 and §7.6.3. */
function turnedAway(head: RequestHead, sender: Sender): Rejection | undefined {
  if (head.host !== undefined && !sender.covers(head.host))
    return reject(421, 'the certificate of this connection is for another host')
  return head.claims && isLooping(head.claims)
    ? reject(508, 'the request has been here before')
    : undefined
}

/** RFC 9110 §7.6.2: a request that may go no further is answered by whoever has it. */
function ownWord({ method, claims }: RequestHead): OwnAnswer | undefined {
  if (claims?.maxForwards === undefined || !/^0+$/.test(claims.maxForwards)) return undefined
  if (method === 'OPTIONS') return { status: 200, text: 'this is the proxy' }
  return method === 'TRACE'
    ? { status: 501, text: 'the proxy does not tell what it received' }
    : undefined
}
