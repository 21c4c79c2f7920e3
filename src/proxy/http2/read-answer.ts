import type { Question } from '../http1/answer-reader.ts'
import { parseResponseHead, type ResponseHead } from '../http1/response-head.ts'
import { fieldLine } from './field-lines.ts'

/**
 * Reads the head of an answer of HTTP/2: as the head of HTTP/1.1 that it becomes, by the same rules. `pairs` are names
 * and values in turn; `ended` says that no body comes. A string says what is wrong with it.
 */
export function readAnswer(
  pairs: readonly string[],
  ended: boolean,
  question: Question,
): ResponseHead | string {
  let status = ''
  let lines = ''
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const [name = '', value = ''] = [pairs[at], pairs[at + 1]]
    const line = name === ':status' ? '' : fieldLine(name, value)
    if (line === undefined) return 'a field that cannot be one'
    if (name === ':status') status = value
    else lines += line
  }
  if (lines.length > question.headBytes) return 'the head is too large'
  if (lines.includes('transfer-encoding:')) return 'a field that has no place in HTTP/2'
  const head = parseResponseHead(`HTTP/1.1 ${status}\r\n${lines}`, question)
  if (typeof head === 'string' || head.framing.kind !== 'until-close') return head
  return ended
    ? withoutBody(head, lines, question)
    : { ...head, framing: { kind: 'chunked' }, chunked: true }
}

/** Nothing says how long nothing is; to a client of gRPC nothing must. */
function withoutBody(head: ResponseHead, lines: string, question: Question): ResponseHead {
  const framing = { kind: 'length', length: 0 } as const
  const isAllTrailers = question.pass === 'content' && lines.includes('grpc-status:')
  return { ...head, framing, length: isAllTrailers ? undefined : 0 }
}
