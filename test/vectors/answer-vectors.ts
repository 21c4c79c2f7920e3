import { answer, type AnswerVector, CLOSE, KEEP, passed } from './answer-vector.ts'

const CHUNKED = 'Transfer-Encoding: chunked'
const END = '0\r\n\r\n'
const HEAD = 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n'

/** RFC 9112 §4, §6.3, §7.1, §9 and RFC 9110 §7.6.1, §15.2: answers that are passed on. */
export const goodAnswers: readonly AnswerVector[] = [
  {
    name: 'an answer of known length is passed on, and its connection kept',
    bytes: answer(['Content-Length: 5'], 'hello'),
    expected: passed(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n${KEEP}\r\nhello`),
  },
  {
    name: 'a length with leading zeros is passed on without them',
    bytes: answer(['Content-Length: 0005'], 'hello'),
    expected: passed(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n${KEEP}\r\nhello`),
  },
  {
    name: 'fields are passed on in their order, byte for byte, repeated ones too',
    bytes: answer(['set-cookie: a', 'X_Y:\t\u00e9 ', 'Set-Cookie: b', 'Content-Length: 0']),
    expected: passed(
      `HTTP/1.1 200 OK\r\nset-cookie: a\r\nX_Y:\t\u00e9 \r\nSet-Cookie: b\r\nContent-Length: 0\r\n${KEEP}\r\n`,
    ),
  },
  {
    name: 'chunks are passed on without their extensions, with their trailer',
    bytes: answer([CHUNKED], '5;a=b\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n'),
    expected: passed(
      `HTTP/1.1 200 OK\r\n${CHUNKED}\r\n${KEEP}\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n`,
    ),
  },
  {
    name: 'an HTTP/1.0 client gets what chunks carry, and the end of its connection for their end',
    asked: 'GET / HTTP/1.0\r\nHost: a\r\n\r\n',
    bytes: answer([CHUNKED], `5;a=b\r\nhello\r\n${END}`),
    expected: passed(`HTTP/1.1 200 OK\r\n${CLOSE}\r\nhello`),
  },
  {
    name: 'an answer that ends with its connection ends the client’s',
    bytes: answer([], 'hello'),
    ends: true,
    expected: passed(`HTTP/1.1 200 OK\r\n${CLOSE}\r\nhello`, 'destroyed'),
  },
  {
    name: 'an answer to HEAD has a length and no body',
    asked: HEAD,
    bytes: answer(['Content-Length: 5']),
    expected: passed(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n${KEEP}\r\n`),
  },
  {
    name: '304 has a length and no body',
    bytes: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
    expected: passed(`HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n${KEEP}\r\n`),
  },
  {
    name: '204 has neither, whatever it says',
    bytes: 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n',
    expected: passed(`HTTP/1.1 204 No Content\r\n${KEEP}\r\n`),
  },
  {
    name: '204 has no chunks, whatever it says',
    bytes: `HTTP/1.1 204 No Content\r\n${CHUNKED}\r\n\r\n`,
    expected: passed(`HTTP/1.1 204 No Content\r\n${KEEP}\r\n`),
  },
  {
    name: 'a reason may be missing',
    bytes: 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n',
    expected: passed(`HTTP/1.1 200 \r\nContent-Length: 0\r\n${KEEP}\r\n`),
  },
  {
    name: 'a reason may be anything in one line',
    bytes: 'HTTP/1.1 299 H\u00e9!\t?\r\nContent-Length: 0\r\n\r\n',
    expected: passed(`HTTP/1.1 299 H\u00e9!\t?\r\nContent-Length: 0\r\n${KEEP}\r\n`),
  },
  {
    name: 'what was said of one hop is not passed on',
    bytes: answer([
      'Keep-Alive: timeout=9',
      'Connection: keep-alive, X-Hop',
      'X-Hop: 1',
      'Proxy-Connection: x',
      'TE: x',
      'Upgrade: h2c',
      'Content-Length: 0',
    ]),
    expected: passed(`HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${KEEP}\r\n`),
  },
  {
    name: '100 and 103 are passed on before the answer',
    bytes: `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${answer(['Content-Length: 0'])}`,
    expected: passed(
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n${KEEP}\r\n`,
    ),
  },
  {
    name: 'an HTTP/1.0 client gets no 100: it would take it for the answer',
    asked: 'GET / HTTP/1.0\r\nHost: a\r\n\r\n',
    bytes: `HTTP/1.1 100 Continue\r\n\r\n${answer(['Content-Length: 0'])}`,
    expected: passed(`HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${CLOSE}\r\n`),
  },
  {
    name: 'an HTTP/1.0 answer keeps no connection',
    bytes: 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n',
    expected: passed(`HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${KEEP}\r\n`, 'destroyed'),
  },
  {
    name: 'an instance that takes leave is not asked again',
    bytes: answer(['Connection: close', 'Content-Length: 0']),
    expected: passed(`HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${KEEP}\r\n`, 'destroyed'),
  },
  {
    name: 'what comes after a body is no answer',
    bytes: answer(['Content-Length: 2'], 'hi') + answer(['Content-Length: 4'], 'evil'),
    expected: passed(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${KEEP}\r\nhi`, 'destroyed'),
  },
  {
    name: 'what comes after the last chunk is no answer',
    bytes: answer([CHUNKED], END) + answer(['Content-Length: 4'], 'evil'),
    expected: passed(`HTTP/1.1 200 OK\r\n${CHUNKED}\r\n${KEEP}\r\n${END}`, 'destroyed'),
  },
  {
    name: 'a body after an answer to HEAD is no answer',
    asked: HEAD,
    bytes: answer(['Content-Length: 5'], 'hello'),
    expected: passed(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n${KEEP}\r\n`, 'destroyed'),
  },
  {
    name: 'a body after 304 is no answer',
    bytes: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello',
    expected: passed(`HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n${KEEP}\r\n`, 'destroyed'),
  },
]
