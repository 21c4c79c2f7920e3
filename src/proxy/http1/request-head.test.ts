import { describe, expect, it } from 'vitest'
import { parseRequestHead } from './request-head.ts'

const LIMITS = { bodyBytes: 1000 }

/** A GET with these lines after its Host. */
function withLines(...lines: string[]) {
  return parse(['GET / HTTP/1.1', 'Host: a.example', ...lines])
}

function parse(lines: readonly string[]) {
  return parseRequestHead(lines.map((line) => `${line}\r\n`).join(''), LIMITS)
}

function statusOf(lines: readonly string[]): number {
  const head = parse(lines)
  return head.kind === 'rejection' ? head.status : 200
}

describe('a request line', () => {
  const lines: readonly (readonly [string, number])[] = [
    ['GET / HTTP/1.1', 200],
    ['PROPFIND /x HTTP/1.1', 200],
    ['FOO /x?y=|{"} HTTP/1.1', 200],
    ['get / HTTP/1.1', 200],
    ['OPTIONS * HTTP/1.1', 200],
    ['GET http://a.example/x HTTP/1.1', 200],
    ['GET * HTTP/1.1', 400],
    ['GET  / HTTP/1.1', 400],
    ['GET /  HTTP/1.1', 400],
    ['GET\t/ HTTP/1.1', 400],
    [' GET / HTTP/1.1', 400],
    ['GET / HTTP/1.1 ', 400],
    ['GET /a b HTTP/1.1', 400],
    ['GET /a#b HTTP/1.1', 400],
    ['GET /\u00e9 HTTP/1.1', 400],
    ['GET a HTTP/1.1', 400],
    ['GET /', 400],
    ['GET / HTTP/1', 400],
    ['GET / http/1.1', 400],
    ['G[]T / HTTP/1.1', 400],
    ['GET / HTTP/1.2', 505],
    ['GET / HTTP/2.0', 505],
    ['GET / HTTP/0.9', 505],
    ['CONNECT a.example:443 HTTP/1.1', 405],
    [`GET /${'a'.repeat(8192)} HTTP/1.1`, 414],
    ['GET https://a.example/ HTTP/1.1', 400],
    ['GET http://b.example/ HTTP/1.1', 400],
    ['GET http://u@a.example/ HTTP/1.1', 400],
    ['GET //a.example/ HTTP/1.1', 200],
  ]
  it.each(lines)('%j is answered %i', (line, status) => {
    expect(statusOf([line, 'Host: a.example'])).toBe(status)
  })

  it('is passed on as a path when it named the whole address', () => {
    const targetOf = (method: string, target: string) =>
      parse([`${method} ${target} HTTP/1.1`, 'Host: a.example'])
    expect(targetOf('GET', 'http://A.example/x?y')).toMatchObject({ target: '/x?y' })
    expect(targetOf('GET', 'HTTP://a.example')).toMatchObject({ target: '/' })
    expect(targetOf('GET', 'http://a.example?x')).toMatchObject({ target: '/?x' })
    expect(targetOf('OPTIONS', 'http://a.example')).toMatchObject({ target: '*' })
  })
})

describe('a Host field', () => {
  const hosts: readonly (readonly [readonly string[], number])[] = [
    [['Host: a'], 200],
    [['Host: a.example:8080'], 200],
    [['Host: [::1]:80'], 200],
    [['Host:a'], 200],
    [[], 400],
    [['Host:'], 400],
    [['Host: a', 'Host: a'], 400],
    [['Host: a b'], 400],
    [['Host: a/b'], 400],
    [['Host: u@a'], 400],
    [['Host: a,b'], 400],
    [['Host: a:b'], 400],
    [['Host: \u00e9'], 400],
  ]
  it.each(hosts)('%j is answered %i', (lines, status) => {
    expect(statusOf(['GET / HTTP/1.1', ...lines])).toBe(status)
  })

  it('may be missing only in HTTP/1.0', () => {
    expect(statusOf(['GET / HTTP/1.0'])).toBe(200)
    expect(statusOf(['GET / HTTP/1.0', 'Host: a', 'Host: a'])).toBe(400)
  })
})

describe('the framing', () => {
  const framings: readonly (readonly [readonly string[], number])[] = [
    [['Content-Length: 5'], 200],
    [['Content-Length: 05'], 200],
    [['Content-Length: 1000'], 200],
    [['Content-Length: 1001'], 413],
    [['Content-Length: 5', 'Content-Length: 5'], 400],
    [['Content-Length: 5, 5'], 400],
    [['Content-Length: +5'], 400],
    [['Content-Length: -5'], 400],
    [['Content-Length: 0x5'], 400],
    [['Content-Length: 5\u00a0'], 400],
    [['Content-Length:'], 400],
    [['Content-Length: 99999999999999999999'], 400],
    [['Transfer-Encoding: chunked'], 200],
    [['Transfer-Encoding: Chunked'], 200],
    [['Transfer-Encoding: chunked', 'Content-Length: 5'], 400],
    [['Content-Length: 5', 'Transfer-Encoding: chunked'], 400],
    [['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], 400],
    [['Transfer-Encoding: chunked, chunked'], 400],
    [['Transfer-Encoding: ,chunked'], 400],
    [['Transfer-Encoding: gzip, chunked'], 400],
    [['Transfer-Encoding: "chunked"'], 400],
    [['Transfer-Encoding: xchunked'], 400],
    [['Transfer-Encoding: chunked;a=b'], 400],
    [['Transfer-Encoding: identity'], 501],
    [['Transfer-Encoding: gzip'], 501],
    [['Transfer-Encoding:'], 400],
    [['Transfer-Encoding : chunked'], 400],
    [['Transfer_Encoding: chunked'], 400],
    [['Content_Length: 5'], 400],
  ]
  it.each(framings)('%j is answered %i', (lines, status) => {
    expect(statusOf(['POST / HTTP/1.1', 'Host: a', ...lines])).toBe(status)
  })

  it('knows no chunks in HTTP/1.0', () => {
    expect(statusOf(['POST / HTTP/1.0', 'Host: a', 'Transfer-Encoding: chunked'])).toBe(400)
  })
})

describe('a field', () => {
  const fields: readonly (readonly [string, number])[] = [
    ['A: b', 200],
    ['A:', 200],
    ['A: \u00e9', 200],
    ['A_B: c', 200],
    ['A : b', 400],
    [' A: b', 400],
    ['A', 400],
    [': b', 400],
    ['A[]: b', 400],
    ['A: b\nC: d', 400],
    ['A: b\rC: d', 400],
    ['A: \u0000', 400],
    ['A: \u000b', 400],
    ['A: \u007f', 400],
    ['\u00e9: b', 400],
    ['Connection: a b', 400],
    ['__proto__: x', 200],
  ]
  it.each(fields)('%j is answered %i', (line, status) => {
    expect(statusOf(['GET / HTTP/1.1', 'Host: a', line])).toBe(status)
  })

  it('is one of at most 128', () => {
    expect(withLines(...Array.from({ length: 127 }, () => 'A: b'))).toMatchObject({
      kind: 'request',
    })
    expect(withLines(...Array.from({ length: 128 }, () => 'A: b'))).toMatchObject({ status: 431 })
  })

  it('is passed on as it is, unless it is for this hop only', () => {
    const head = withLines(
      'Cookie:  a=b ',
      'Connection: keep-alive, X-Hop, cookie, host',
      'X-Hop: 1',
      'Keep-Alive: timeout=5',
      'TE: trailers',
      'Proxy-Connection: close',
      'X-Forwarded-For: 6.6.6.6',
      'X_Forwarded_For: 6.6.6.6',
      'Forwarded: for=6.6.6.6',
      'Accept: */*',
    )
    expect(head).toMatchObject({ fields: 'Cookie:  a=b \r\nAccept: */*\r\n', keepAlive: true })
  })

  it('says how long the connection stays', () => {
    expect(withLines('Connection: close')).toMatchObject({ keepAlive: false })
    expect(withLines('Connection: Keep-Alive, Close')).toMatchObject({ keepAlive: false })
    expect(parse(['GET / HTTP/1.0'])).toMatchObject({ keepAlive: false })
    expect(parse(['GET / HTTP/1.0', 'Connection: keep-alive'])).toMatchObject({ keepAlive: true })
  })

  it('asks for another protocol only together with Connection, and never for h2c', () => {
    const upgradeOf = (...lines: string[]) => {
      const head = withLines(...lines)
      return head.kind === 'request' ? head.upgrade : 'rejected'
    }
    expect(upgradeOf('Connection: Upgrade', 'Upgrade: websocket')).toBe('websocket')
    expect(upgradeOf('Upgrade: websocket')).toBeUndefined()
    expect(upgradeOf('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c')).toBeUndefined()
    expect(upgradeOf('Connection: Upgrade', 'Upgrade: a', 'Content-Length: 1')).toBeUndefined()
  })
})
