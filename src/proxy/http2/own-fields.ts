import { type OwnAnswer, ownAnswer } from '../http1/answers.ts'
import { fieldPairs } from './field-pairs.ts'
import { grpcStatus } from './grpc-status.ts'

/** An answer of the proxy's own, as HTTP/2 carries it. */
export interface OwnFields {
  readonly pairs: string[]
  readonly body: string
}

/** `lines` are field lines to come with it. */
export function ownFields(answer: OwnAnswer, method: string, lines: string): OwnFields {
  const text = ownAnswer(answer, method, lines)
  const [head = '', body = ''] = text.split('\r\n\r\n')
  const fields = `${head.slice(head.indexOf('\r\n') + 2)}\r\n`
  return { pairs: [':status', String(answer.status), ...fieldPairs(fields)], body }
}

/** The same for a client of gRPC, which looks for errors in the trailers only: here they are all there is. */
export function grpcFields(answer: OwnAnswer, lines: string): OwnFields {
  const pairs = [
    ':status',
    '200',
    'content-type',
    'application/grpc',
    'grpc-status',
    String(grpcStatus(answer.status)),
    'grpc-message',
    encodeURIComponent(answer.text).replaceAll('%20', ' '),
    ...fieldPairs(lines),
  ]
  return { pairs, body: '' }
}
