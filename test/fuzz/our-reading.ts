import { isDeepStrictEqual } from 'node:util'
import type { LimitSpec } from '../../src/core/service.ts'
import type { AnswerSink } from '../../src/proxy/plane/answer-sink.ts'
import { AnswerReader } from '../../src/proxy/http1/answer-reader.ts'
import type { ResponseHead } from '../../src/proxy/http1/response-head.ts'
import { LIMITS } from '../support/plane-under-test.ts'
import { aSender } from '../vectors/a-sender.ts'
import { fleeting } from '../vectors/fleeting.ts'
import { withoutOwnLines } from '../vectors/own-lines.ts'
import { type ReadRequest, readRequests } from '../vectors/read-requests.ts'
import type { Message, Reading } from './reading.ts'

const limits: LimitSpec = { ...LIMITS, bodyBytes: 1e9 }

/** What our parser makes of what a client sends. */
export function ourRequests(reads: readonly Buffer[]): Reading {
  const { requests, rejection } = readRequests(reads, limits, aSender)
  const last = requests.findIndex(({ head }) => !head.keepAlive)
  const served = last < 0 ? requests : requests.slice(0, last + 1)
  const complete = served.filter((request) => request.complete)
  const closed = last >= 0 && requests[last]?.complete === true
  const refused = rejection !== undefined && !closed
  return {
    messages: complete.map(messageOf),
    rest: closed ? 'closed' : refused ? 'refused' : 'open',
    ...(refused && { why: `${rejection.status} ${rejection.reason}` }),
    forwarded: complete.map(({ forwarded }) => withoutOwnLines(forwarded)).join(''),
  }
}

function messageOf({ head, content }: ReadRequest): Message {
  return { start: `${head.method} ${head.target}`, host: head.host ?? '', body: content }
}

/** What our parser makes of what an instance sends, up to the end of its answer; twice, for it remembers heads. */
export function ourAnswer(reads: readonly Buffer[], method: string): Reading {
  const reader = new AnswerReader()
  const first = answerIn(reader, reads, method)
  const second = answerIn(reader, reads, method)
  if (!isDeepStrictEqual(first, second)) throw new Error(`an answer twice is not the same twice`)
  return first
}

function answerIn(reader: AnswerReader, reads: readonly Buffer[], method: string): Reading {
  const heard = new Heard()
  reader.ask({ method, upgrade: undefined, pass: 'content', headBytes: limits.headBytes }, heard)
  let left = reads.length
  for (const read of fleeting(reads)) {
    const progress = reader.read(read, read.length)
    left -= 1
    // What comes later finds nobody who asked, and ends the connection.
    const rest = reader.keepsConnection && left === 0 ? 'open' : 'closed'
    if (progress === 'complete') return { messages: [heard.message], rest }
    if (progress !== 'more') return { messages: [], rest: 'refused', why: JSON.stringify(progress) }
  }
  return reader.end() === 'complete'
    ? { messages: [heard.message], rest: 'closed' }
    : { messages: [], rest: 'refused', why: 'it ended too soon' }
}

class Heard implements AnswerSink {
  #start = ''
  #body = ''

  get message(): Message {
    return { start: this.#start, host: '', body: this.#body }
  }

  answerHead(head: ResponseHead, first: Buffer): void {
    if (head.status >= 200) this.#start = String(head.status)
    this.answerBytes(first)
  }

  answerBytes(bytes: Buffer): void {
    this.#body += bytes.toString('latin1')
  }

  connected(): void {}
  connectFailed(): void {}
  answerEnd(): void {}
  answerMalformed(): void {}
  instanceGone(): void {}
  instanceDrained(): void {}
}
