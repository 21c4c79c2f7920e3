import type { RejectionCode } from '../../src/proxy/http1/rejection.ts'
import { forwardedPost, post, refused, type RequestVector } from './vector.ts'

const CHUNKED = 'Transfer-Encoding: chunked'
const END = '0\r\n\r\n'

/** RFC 9112 §7.1: chunks, their extensions, and the trailer. */
export const chunkVectors: readonly RequestVector[] = [
  passed('chunks of any size are passed on', `1\r\na\r\n00B\r\nhello world\r\n${END}`),
  passed('a chunk may hold what looks like a line, or an end', `7\r\n\r\n0\r\n\r\n\r\n${END}`),
  passed('fields of a trailer are passed on', '1\r\na\r\n0\r\nX-Sum: 1\r\nX-Other:\r\n\r\n'),
  passed(
    'extensions of chunks are dropped',
    `1;a=b\r\na\r\n1;x="y z"\r\nb\r\n0;last\r\n\r\n`,
    `1\r\na\r\n1\r\nb\r\n${END}`,
  ),
  ...[
    ['no size', '\r\n'],
    ['a size that is no number', 'g\r\n'],
    ['a size with a sign', '+1\r\na\r\n'],
    ['a negative size', '-1\r\na\r\n'],
    ['a size with a prefix', '0x1\r\na\r\n'],
    ['a size with an underscore', '1_0\r\na\r\n'],
    ['a space before a size', ' 1\r\na\r\n'],
    ['a space after a size', '1 \r\na\r\n'],
    ['a size beyond all numbers', 'ffffffffffffffffff\r\na\r\n'],
    ['a size of 2⁵³ or more', '20000000000000\r\na\r\n'],
    ['a size line that ends with a bare LF', '1\na\r\n'],
    ['a size line that ends with a bare CR', '1\rXa\r\n'],
    ['an extension with a bare LF in it', '1;a\nb\r\na\r\n'],
    ['an extension with a bare CR in it', '1;a\rb\r\na\r\n'],
    ['an extension with a NUL in it', '1;\u0000\r\na\r\n'],
    ['an extension without end (CVE-2024-22019)', `1;${'a'.repeat(300)}\r\na\r\n`],
    ['a chunk that is longer than it says', '1\r\nab\r\n'],
    ['a chunk that is shorter than it says', '3\r\na\r\n0\r\n\r\n'],
    ['a chunk that ends with a bare LF', '1\r\na\n0\r\n\r\n'],
  ].map(([name, body = '']) => faulty(`refuses ${name}`, body, 'chunk')),
  ...[
    ['a line without a colon', '0\r\nno field\r\n\r\n'],
    ['a folded line', '0\r\nA: b\r\n c\r\n\r\n'],
    ['a bare LF', '0\r\nA: b\nC: d\r\n\r\n'],
    ['a NUL', '0\r\nA: \u0000\r\n\r\n'],
    ['a length', '0\r\nContent-Length: 5\r\n\r\n'],
    ['a coding', '0\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['a coding with an underscore', '0\r\nTransfer_Encoding: chunked\r\n\r\n'],
    ['a host', '0\r\nHost: b\r\n\r\n'],
    ['what only we may say about the sender', '0\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n'],
    ['a space before the colon', '0\r\nA : b\r\n\r\n'],
    ['more than a trailer may hold', `0\r\nA: ${'b'.repeat(9000)}\r\n\r\n`],
  ].map(([name, body = '']) => faulty(`refuses a trailer with ${name}`, body, 'trailer')),
  faulty(
    'a body that is mostly extensions is refused (CVE-2024-22019)',
    `1;${'e'.repeat(200)}\r\na\r\n`.repeat(200),
    'chunk',
  ),
  {
    name: 'chunks beyond the limit of a body are answered 413',
    bytes: post([CHUNKED], 'ffffffff\r\n'),
    expected: refused(413, 'body-too-large'),
  },
]

function passed(name: string, body: string, asForwarded = body): RequestVector {
  return {
    name,
    bytes: post([CHUNKED], body),
    expected: forwardedPost([CHUNKED], asForwarded),
  }
}

function faulty(name: string, body: string, code: RejectionCode): RequestVector {
  return { name, bytes: post([CHUNKED], body), expected: refused(400, code) }
}
