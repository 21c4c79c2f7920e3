import type { Socket } from 'node:net'
import { peerOf } from '../entry/peer.ts'
import { Sender } from '../entry/sender.ts'
import type { Framing } from './body-framing.ts'
import { flat } from './flat.ts'
import type { RequestHead } from './request-head.ts'
import type { ResponseHead } from './response-head.ts'

export type { Sender } from '../entry/sender.ts'

/** A connection that came through an entrance carries what was learned there. */
export interface Told {
  readonly sender?: Sender
}

/** Who is at the other end of a connection. */
export function senderOf(socket: Socket & Told): Sender {
  return socket.sender ?? new Sender(peerOf(socket), undefined)
}

/** The head an instance gets, the empty line included. In latin1. */
export function requestText(head: RequestHead, sender: Sender): string {
  const { written, fields } = head
  if (written.by !== sender || written.fields !== fields) {
    written.by = sender
    written.fields = fields
    written.text = flat(write(head, sender))
  }
  return `${written.text}${head.passage.lines}\r\n`
}

/** All but the lines that are new for each request. */
function write(head: RequestHead, sender: Sender): string {
  const host = head.host ?? sender.host
  const upgrade =
    head.upgrade === undefined ? '' : `Connection: Upgrade\r\nUpgrade: ${head.upgrade}\r\n`
  return (
    `${head.method} ${head.target} HTTP/1.1\r\nHost: ${host}\r\n${head.fields}` +
    `${framingLine(head.framing)}${sender.forwarded(host)}${upgrade}`
  )
}

/** The head a client gets, the empty line included. `persistence` is what the proxy says of its own connection. */
export function answerText(
  head: ResponseHead,
  persistence: string,
  pass: 'bytes' | 'content',
): string {
  const { written, fields } = head
  const isSame = written?.persistence === persistence && written.pass === pass
  if (isSame && written.fields === fields) return written.text
  const text = flat(writeAnswer(head, persistence, pass))
  head.written = { persistence, pass, fields, text }
  return text
}

function writeAnswer(head: ResponseHead, persistence: string, pass: 'bytes' | 'content'): string {
  const bodiless = head.status < 200 || head.status === 204
  const coding =
    head.chunked && !bodiless && pass === 'bytes' ? 'Transfer-Encoding: chunked\r\n' : ''
  const length = head.length === undefined || bodiless ? '' : `Content-Length: ${head.length}\r\n`
  return `${statusLine(head)}${head.fields}${length}${coding}${persistence}\r\n`
}

/** 100, 103 and whatever may come before the answer itself (RFC 9110 §15.2). */
export function informationText(head: ResponseHead): string {
  return `${statusLine(head)}${head.fields}\r\n`
}

/** 101, or the 426 that asks for it: the only answers whose Upgrade field is for the client. */
export function upgradeLines(head: ResponseHead): string {
  return head.upgrade === undefined ? '' : `Connection: Upgrade\r\nUpgrade: ${head.upgrade}\r\n`
}

function statusLine(head: ResponseHead): string {
  return `HTTP/1.1 ${head.status} ${head.reason}\r\n`
}

function framingLine(framing: Framing): string {
  if (framing.kind === 'length') return `Content-Length: ${framing.length}\r\n`
  return framing.kind === 'chunked' ? 'Transfer-Encoding: chunked\r\n' : ''
}
