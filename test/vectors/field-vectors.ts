import {
  forwarded,
  forwardedGet,
  forwardedPost,
  get,
  headOf,
  post,
  refused,
  type RequestVector,
} from './vector.ts'

const BAD_FIELD = refused(400, 'field')
const UNCLEAN = refused(400, 'head-unclean')

/** RFC 9112 §5 and RFC 9110 §5, §7.6.1, §10.1.1: fields, those for one hop, and what is expected. */
export const fieldVectors: readonly RequestVector[] = [
  {
    name: 'fields are passed on in their order, byte for byte, repeated ones too',
    bytes: get('B:  1 ', 'a:2', 'B: \t', 'Content-Type: x', 'Content-Type: y'),
    expected: forwardedGet('B:  1 ', 'a:2', 'B: \t', 'Content-Type: x', 'Content-Type: y'),
  },
  {
    name: 'values beyond ASCII are passed on as they are',
    bytes: get('A: \u00e9\u00ff\u0080'),
    expected: forwardedGet('A: \u00e9\u00ff\u0080'),
  },
  {
    name: 'fields that are for this hop only are not passed on',
    bytes: get('Keep-Alive: timeout=9', 'Proxy-Connection: close', 'TE: trailers', 'Upgrade: x'),
    expected: forwardedGet(),
  },
  {
    name: 'fields that Connection names are not passed on',
    bytes: get('X-Hop: 1', 'Connection: keep-alive, x-hop', 'X-Stay: 2'),
    expected: forwardedGet('X-Stay: 2'),
  },
  {
    name: 'Connection strips no field that others rely on',
    bytes: get('Cookie: c', 'Authorization: b', 'Connection: host, cookie, authorization'),
    expected: forwardedGet('Cookie: c', 'Authorization: b'),
  },
  {
    name: 'Connection strips no framing',
    bytes: post(['Content-Length: 2', 'Connection: content-length, transfer-encoding'], 'hi'),
    expected: forwardedPost(['Content-Length: 2'], 'hi'),
  },
  {
    name: 'what strangers say about the sender is replaced',
    bytes: get('X-Forwarded-For: 6.6.6.6', 'X-Forwarded-Host: b', 'Forwarded: for=6.6.6.6'),
    expected: forwardedGet(),
  },
  {
    name: 'Connection strips nothing of what we say about the sender',
    bytes: get('Connection: x-forwarded-for, x-forwarded-host'),
    expected: forwardedGet(),
  },
  {
    name: 'names with an underscore are dropped, for some servers take it for a hyphen',
    bytes: get('X_User: root', 'X_Forwarded_For: 6.6.6.6', 'A: b'),
    expected: forwardedGet('A: b'),
  },
  {
    name: '__proto__ is a name with underscores and harms nobody (CVE-2026-21710)',
    bytes: get('__proto__: x', 'constructor: y', 'prototype: z'),
    expected: forwardedGet('constructor: y', 'prototype: z'),
  },
  {
    name: 'an upgrade is asked for on our own behalf',
    bytes: get('Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'),
    expected: forwarded(
      ['GET / HTTP/1.1', 'Host: a', 'Sec-WebSocket-Version: 13'],
      'Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ),
  },
  {
    name: 'h2c is not asked for: nobody would check what goes through it',
    bytes: get(
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
    ),
    expected: forwardedGet(),
  },
  {
    name: '100-continue is expected in any case',
    bytes: post(['Expect: 100-Continue', 'Content-Length: 2'], 'hi'),
    expected: forwardedPost(['Expect: 100-Continue', 'Content-Length: 2'], 'hi'),
  },
  {
    name: 'an HTTP/1.0 client knows no 100, so nothing is expected for it',
    bytes: headOf('POST / HTTP/1.0', 'Host: a', 'Expect: 100-continue', 'Content-Length: 2') + 'hi',
    expected: forwardedPost(['Content-Length: 2'], 'hi'),
  },
  {
    name: 'another expectation is answered 417',
    bytes: get('Expect: 200-ok'),
    expected: refused(417, 'expectation'),
  },
  {
    name: 'a list of expectations is answered 417',
    bytes: get('Expect: 100-continue, x'),
    expected: refused(417, 'expectation'),
  },
  { name: 'a space before the colon is refused', bytes: get('A : b'), expected: BAD_FIELD },
  { name: 'a tab before the colon is refused', bytes: get('A\t: b'), expected: BAD_FIELD },
  { name: 'a folded line is refused', bytes: get('A: b', ' c'), expected: BAD_FIELD },
  {
    name: 'a line folded with a tab is refused',
    bytes: get('A: b', '\tC: d'),
    expected: BAD_FIELD,
  },
  {
    name: 'white space before the first field is refused',
    bytes: headOf('GET / HTTP/1.1', ' Host: a', 'Host: b'),
    expected: BAD_FIELD,
  },
  { name: 'a line without a colon is refused', bytes: get('A'), expected: BAD_FIELD },
  { name: 'a field without a name is refused', bytes: get(': b'), expected: BAD_FIELD },
  { name: 'a name with brackets is refused', bytes: get('A[]: b'), expected: BAD_FIELD },
  { name: 'a name beyond ASCII is refused', bytes: get('\u00e9: b'), expected: BAD_FIELD },
  {
    name: 'a Connection that is no list is refused',
    bytes: get('Connection: a b'),
    expected: BAD_FIELD,
  },
  { name: 'NUL in a value is refused', bytes: get('A: b\u0000c'), expected: UNCLEAN },
  { name: 'a control character in a value is refused', bytes: get('A: \u000b'), expected: UNCLEAN },
  { name: 'DEL in a value is refused', bytes: get('A: \u007f'), expected: UNCLEAN },
  {
    name: '100 fields are taken',
    bytes: get(...numbered(99)),
    expected: forwardedGet(...numbered(99)),
  },
  {
    name: 'more fields than the limit are answered 431',
    bytes: get(...numbered(100)),
    expected: refused(431, 'head-too-large'),
  },
  {
    name: 'a head beyond the limit is answered 431',
    bytes: get(`A: ${'b'.repeat(20_000)}`),
    expected: refused(431, 'head-too-large'),
  },
]

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `X-${at}: ${at}`)
}
