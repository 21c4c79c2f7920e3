import {
  forwardedGet,
  forwardedPost,
  get,
  headOf,
  post,
  refused,
  type RequestVector,
} from './vector.ts'

const BAD_FRAMING = refused(400, 'framing')
const CHUNKED = 'Transfer-Encoding: chunked'
const EMPTY = '0\r\n\r\n'

/** RFC 9112 §6: where a body ends, said once and in one way. */
export const framingVectors: readonly RequestVector[] = [
  {
    name: 'a body of known length is passed on',
    bytes: post(['Content-Length: 5'], 'hello'),
    expected: forwardedPost(['Content-Length: 5'], 'hello'),
  },
  {
    name: 'a body of no length is one',
    bytes: post(['Content-Length: 0']),
    expected: forwardedPost(['Content-Length: 0']),
  },
  {
    name: 'a length with leading zeros is passed on without them',
    bytes: post(['Content-Length: 005'], 'hello'),
    expected: forwardedPost(['Content-Length: 5'], 'hello'),
  },
  {
    name: 'a GET may have a body',
    bytes: get('Content-Length: 2') + 'hi',
    expected: { forwarded: forwardedGet('Content-Length: 2').forwarded + 'hi' },
  },
  {
    name: 'a chunked body is passed on, and told of in our own words',
    bytes: post(['tRANSFER-eNCODING:\tChunked '], `5\r\nhello\r\n${EMPTY}`),
    expected: forwardedPost([CHUNKED], `5\r\nhello\r\n${EMPTY}`),
  },
  {
    name: 'a body beyond the limit is answered 413 before it comes',
    bytes: post(['Content-Length: 99999999999']),
    expected: refused(413, 'body-too-large'),
  },
  {
    name: 'a coding that is not known is answered 501',
    bytes: post(['Transfer-Encoding: gzip']),
    expected: refused(501, 'coding'),
  },
  {
    name: 'identity is no coding',
    bytes: post(['Transfer-Encoding: identity']),
    expected: refused(501, 'coding'),
  },
  ...refusals([
    ['a length and a coding', ['Content-Length: 5', CHUNKED]],
    ['a coding and a length', [CHUNKED, 'Content-Length: 5']],
    ['a coding and a length of zero', [CHUNKED, 'Content-Length: 0']],
    ['chunked twice', ['Transfer-Encoding: chunked, chunked']],
    ['two codings in two fields', [CHUNKED, CHUNKED]],
    ['a second coding that hides the first', [CHUNKED, 'Transfer-Encoding: x']],
    ['a coding before chunked', ['Transfer-Encoding: gzip, chunked']],
    ['a coding after chunked', ['Transfer-Encoding: chunked, identity']],
    ['a list that begins with nothing', ['Transfer-Encoding: ,chunked']],
    ['a list that ends with nothing', ['Transfer-Encoding: chunked,']],
    ['an empty coding', ['Transfer-Encoding:']],
    ['a coding that only ends like chunked', ['Transfer-Encoding: xchunked']],
    ['a coding that only begins like chunked', ['Transfer-Encoding: chunkedx']],
    ['a quoted coding', ['Transfer-Encoding: "chunked"']],
    ['a coding with a parameter', ['Transfer-Encoding: chunked;q=1']],
    ['a coding with a space in it', ['Transfer-Encoding: chun ked']],
    ['a coding after a no-break space', ['Transfer-Encoding: \u00a0chunked']],
    ['two equal lengths', ['Content-Length: 5', 'Content-Length: 5']],
    ['two lengths', ['Content-Length: 5', 'Content-Length: 6']],
    [
      'two lengths by the case of their name (CVE-2026-1525)',
      ['Content-Length: 5', 'content-length: 6'],
    ],
    ['a list of lengths', ['Content-Length: 5, 5']],
    ['an empty length', ['Content-Length:']],
    ['a length with a sign', ['Content-Length: +5']],
    ['a negative length', ['Content-Length: -5']],
    ['a hexadecimal length', ['Content-Length: 0x5']],
    ['a length with a fraction', ['Content-Length: 5.0']],
    ['a length with an exponent', ['Content-Length: 1e3']],
    ['a length with a separator', ['Content-Length: 1_000']],
    ['a length with a space in it', ['Content-Length: 1 0']],
    ['a length after a no-break space', ['Content-Length: \u00a05']],
    ['a length beyond all numbers', ['Content-Length: 18446744073709551616']],
    ['a length beyond the safe integers', ['Content-Length: 9007199254740993']],
    ['a length with an underscore in its name', ['Content_Length: 5']],
    ['a coding with an underscore in its name', ['Transfer_Encoding: chunked']],
  ]),
  {
    name: 'a length with a space before the colon is refused (CVE-2024-27982)',
    bytes: post(['Content-Length : 5'], 'hello'),
    expected: refused(400, 'field'),
  },
  {
    name: 'a length in a folded line is refused (CVE-2024-27982)',
    bytes: post([' Content-Length: 5'], 'hello'),
    expected: refused(400, 'field'),
  },
  {
    name: 'a coding behind a vertical tab is refused (CVE-2019-15605)',
    bytes: post(['Transfer-Encoding: \u000bchunked'], EMPTY),
    expected: refused(400, 'head-unclean'),
  },
  {
    name: 'a coding in HTTP/1.0 is refused',
    bytes: headOf('POST / HTTP/1.0', 'Host: a', CHUNKED) + EMPTY,
    expected: BAD_FRAMING,
  },
]

/** Each with a body that would be one message by one reading, and two by another. */
function refusals(cases: readonly (readonly [string, readonly string[]])[]): RequestVector[] {
  return cases.map(([name, lines]) => ({
    name: `refuses ${name}`,
    bytes: post(lines, EMPTY),
    expected: BAD_FRAMING,
  }))
}
