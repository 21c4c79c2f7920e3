import type { Framing } from './body-framing.ts'
import type { RequestHead } from './request-head.ts'
import type { ResponseHead } from './response-head.ts'

/** The two ends of a client's connection, as a socket names them. */
export interface Ends {
  readonly remoteAddress?: string | undefined
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
}

/** What the proxy itself knows of who asks. */
export interface Sender {
  /** Lines that say who asked, ready but for the host at their end: what strangers claimed is replaced. */
  readonly forwarded: string
  /** The host of a request that came without one, as HTTP/1.0 allows. */
  readonly host: string
  /** Where the client is, in plain form; `unknown` when it left too soon to be asked. */
  readonly address: string
  /** It came over TLS. */
  readonly secure: boolean
}

export function senderOf(ends: Ends): Sender {
  const remote = ends.remoteAddress?.replace(/^::ffff:(?=[0-9.]+$)/i, '') ?? 'unknown'
  const local = ends.localAddress ?? 'localhost'
  return {
    forwarded: `X-Forwarded-For: ${remote}\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: `,
    host: `${local.includes(':') ? `[${local}]` : local}:${ends.localPort ?? 80}`,
    address: remote,
    secure: false,
  }
}

/** The head an instance gets, the empty line included. In latin1. */
export function requestText(head: RequestHead, sender: Sender): string {
  const host = head.host ?? sender.host
  const upgrade =
    head.upgrade === undefined ? '' : `Connection: Upgrade\r\nUpgrade: ${head.upgrade}\r\n`
  return (
    `${head.method} ${head.target} HTTP/1.1\r\nHost: ${host}\r\n${head.fields}` +
    `${framingLine(head.framing)}${sender.forwarded}${host}\r\n${upgrade}\r\n`
  )
}

/** The head a client gets, the empty line included. `persistence` is what the proxy says of its own connection. */
export function answerText(
  head: ResponseHead,
  persistence: string,
  pass: 'bytes' | 'content',
): string {
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
