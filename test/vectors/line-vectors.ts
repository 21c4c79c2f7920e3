import { forwarded, forwardedGet, headOf, refused, type RequestVector } from './vector.ts'

const BAD_LINE = refused(400, 'request-line')
const BAD_TARGET = refused(400, 'target')
const UNCLEAN = refused(400, 'head-unclean')

/** RFC 9112 §2.2, §2.3 and §3: the lines of a head, its version, method and target. */
export const lineVectors: readonly RequestVector[] = [
  {
    name: 'a plain request is passed on in our own version',
    bytes: headOf('GET / HTTP/1.1', 'Host: a'),
    expected: forwardedGet(),
  },
  {
    name: 'an HTTP/1.0 request is passed on as HTTP/1.1',
    bytes: headOf('GET / HTTP/1.0', 'Host: a'),
    expected: forwardedGet(),
  },
  {
    name: 'one empty line before a request is ignored',
    bytes: '\r\n' + headOf('GET / HTTP/1.1', 'Host: a'),
    expected: forwardedGet(),
  },
  {
    name: 'two empty lines before a request are not',
    bytes: '\r\n\r\n' + headOf('GET / HTTP/1.1', 'Host: a'),
    expected: BAD_LINE,
  },
  {
    name: 'a method that nobody knows is passed on',
    bytes: headOf('FOO / HTTP/1.1', 'Host: a'),
    expected: forwarded(['FOO / HTTP/1.1', 'Host: a']),
  },
  {
    name: 'a method in lower case is another method and passed on as it is',
    bytes: headOf('get / HTTP/1.1', 'Host: a'),
    expected: forwarded(['get / HTTP/1.1', 'Host: a']),
  },
  {
    name: 'path and query are passed on as they are, dots, escapes and double slashes too',
    bytes: headOf('GET //x/../%2e%00/?a=|{"}&b=%zz HTTP/1.1', 'Host: a'),
    expected: forwarded(['GET //x/../%2e%00/?a=|{"}&b=%zz HTTP/1.1', 'Host: a']),
  },
  {
    name: 'a target of 8000 octets is taken',
    bytes: headOf(`GET /${'a'.repeat(7999)} HTTP/1.1`, 'Host: a'),
    expected: forwarded([`GET /${'a'.repeat(7999)} HTTP/1.1`, 'Host: a']),
  },
  {
    name: 'OPTIONS may be asked of the server itself',
    bytes: headOf('OPTIONS * HTTP/1.1', 'Host: a'),
    expected: forwarded(['OPTIONS * HTTP/1.1', 'Host: a']),
  },
  {
    name: 'an absolute target becomes a path',
    bytes: headOf('GET http://a/x?y HTTP/1.1', 'Host: a'),
    expected: forwarded(['GET /x?y HTTP/1.1', 'Host: a']),
  },
  {
    name: 'an absolute target of HTTP/1.0 tells the host that no field tells',
    bytes: headOf('GET http://a/x HTTP/1.0'),
    expected: forwarded(['GET /x HTTP/1.1', 'Host: a']),
  },
  {
    name: 'a bare LF ends no line',
    bytes: 'GET / HTTP/1.1\nHost: a\n\n',
    expected: UNCLEAN,
  },
  {
    name: 'a bare LF between good lines is refused',
    bytes: 'GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n',
    expected: UNCLEAN,
  },
  {
    name: 'a bare CR is refused',
    bytes: 'GET / HTTP/1.1\r\nHost: a\r\nX: y\rZ: w\r\n\r\n',
    expected: UNCLEAN,
  },
  {
    name: 'a head that ends with CR LF CR and no LF is refused (CVE-2025-23167)',
    bytes: 'GET / HTTP/1.1\r\nHost: a\r\n\rX',
    expected: UNCLEAN,
  },
  {
    name: 'two CR before a LF are refused',
    bytes: 'GET / HTTP/1.1\r\nHost: a\r\r\n\r\n',
    expected: UNCLEAN,
  },
  {
    name: 'two spaces after the method are not corrected',
    bytes: headOf('GET  / HTTP/1.1', 'Host: a'),
    expected: BAD_LINE,
  },
  {
    name: 'two spaces before the version are not corrected',
    bytes: headOf('GET /  HTTP/1.1', 'Host: a'),
    expected: BAD_LINE,
  },
  {
    name: 'a space in the target is not corrected',
    bytes: headOf('GET /a b HTTP/1.1', 'Host: a'),
    expected: BAD_LINE,
  },
  {
    name: 'a tab is no space',
    bytes: headOf('GET\t/\tHTTP/1.1', 'Host: a'),
    expected: BAD_LINE,
  },
  {
    name: 'a space before the method is refused',
    bytes: headOf(' GET / HTTP/1.1', 'Host: a'),
    expected: BAD_LINE,
  },
  {
    name: 'a space after the version is refused',
    bytes: headOf('GET / HTTP/1.1 ', 'Host: a'),
    expected: BAD_LINE,
  },
  {
    name: 'a method that is no token is refused',
    bytes: headOf('G[]T / HTTP/1.1', 'Host: a'),
    expected: BAD_LINE,
  },
  { name: 'HTTP/0.9 is refused', bytes: 'GET /\r\n\r\n', expected: BAD_LINE },
  {
    name: 'HTTP/0.9 by name is answered 505',
    bytes: headOf('GET / HTTP/0.9', 'Host: a'),
    expected: refused(505, 'version'),
  },
  {
    name: 'HTTP/2.0 as text is answered 505',
    bytes: headOf('GET / HTTP/2.0', 'Host: a'),
    expected: refused(505, 'version'),
  },
  {
    name: 'HTTP/1.2 is answered 505',
    bytes: headOf('GET / HTTP/1.2', 'Host: a'),
    expected: refused(505, 'version'),
  },
  {
    name: 'a version in lower case is refused',
    bytes: headOf('GET / http/1.1', 'Host: a'),
    expected: BAD_LINE,
  },
  {
    name: 'a version with more digits is refused',
    bytes: headOf('GET / HTTP/1.10', 'Host: a'),
    expected: BAD_LINE,
  },
  {
    name: 'a fragment has no place in a target',
    bytes: headOf('GET /a#b HTTP/1.1', 'Host: a'),
    expected: BAD_TARGET,
  },
  {
    name: 'a target beyond ASCII is refused',
    bytes: headOf('GET /\u00e9 HTTP/1.1', 'Host: a'),
    expected: BAD_TARGET,
  },
  {
    name: 'a target that is no path is refused',
    bytes: headOf('GET a HTTP/1.1', 'Host: a'),
    expected: BAD_TARGET,
  },
  {
    name: 'only OPTIONS may ask for *',
    bytes: headOf('GET * HTTP/1.1', 'Host: a'),
    expected: BAD_TARGET,
  },
  {
    name: 'a target with a scheme that is not ours is refused',
    bytes: headOf('GET ftp://a/ HTTP/1.1', 'Host: a'),
    expected: BAD_TARGET,
  },
  {
    name: 'a target with a user in it is refused',
    bytes: headOf('GET http://u:p@a/ HTTP/1.1', 'Host: a'),
    expected: BAD_TARGET,
  },
  {
    name: 'CONNECT is answered 405',
    bytes: headOf('CONNECT a:443 HTTP/1.1', 'Host: a:443'),
    expected: refused(405, 'tunnel'),
  },
  {
    name: 'a target that is too long is answered 414',
    bytes: headOf(`GET /${'a'.repeat(9000)} HTTP/1.1`, 'Host: a'),
    expected: refused(414, 'target-too-long'),
  },
  {
    name: 'a first line without end is answered 414',
    bytes: `GET /${'a'.repeat(20_000)}`,
    expected: refused(414, 'target-too-long'),
  },
  {
    name: 'a TLS hello is refused',
    bytes: '\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n',
    expected: UNCLEAN,
  },
]
