import { describe, expect, it } from 'vitest'
import { parseResponseHead } from './response-head.ts'

const asked = { method: 'GET', upgrade: undefined }

function parse(
  lines: readonly string[],
  question: Parameters<typeof parseResponseHead>[1] = asked,
) {
  return parseResponseHead(lines.map((line) => `${line}\r\n`).join(''), question)
}

describe('the head of an answer', () => {
  const faulty: readonly (readonly [readonly string[]])[] = [
    [['HTTP/1.1 20 OK']],
    [['HTTP/1.1 099 OK']],
    [['HTTP/1.1 600 OK']],
    [['HTTP/1.1  200 OK']],
    [['HTTP/2 200 OK']],
    [['200 OK']],
    [['HTTP/1.1 101 Switching Protocols', 'Upgrade: x']],
    [['HTTP/1.1 200 OK', 'Content-Length: 5', 'Content-Length: 5']],
    [['HTTP/1.1 200 OK', 'Content-Length: 5, 5']],
    [['HTTP/1.1 200 OK', 'Content-Length: x']],
    [['HTTP/1.1 200 OK', 'Content-Length: 5', 'Transfer-Encoding: chunked']],
    [['HTTP/1.1 200 OK', 'Transfer-Encoding: gzip, chunked']],
    [['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
    [['HTTP/1.0 200 OK', 'Transfer-Encoding: chunked']],
    [['HTTP/1.1 200 OK', 'A : b']],
    [['HTTP/1.1 200 OK', 'A: b', ' folded']],
    [['HTTP/1.1 200 OK', 'A: b\nC: d']],
    [['HTTP/1.1 200 OK', 'A: \u0000']],
  ]
  it.each(faulty)('is refused: %j', (lines) => {
    expect(parse(lines)).toBeTypeOf('string')
  })

  it('says where the body ends', () => {
    const framingOf = (lines: readonly string[], method = 'GET') => {
      const head = parse(lines, { ...asked, method })
      return typeof head === 'string' ? head : head.framing.kind
    }
    expect(framingOf(['HTTP/1.1 200 OK', 'Content-Length: 5'])).toBe('length')
    expect(framingOf(['HTTP/1.1 200 OK', 'Content-Length: 5'], 'HEAD')).toBe('none')
    expect(framingOf(['HTTP/1.1 304 Not Modified', 'Content-Length: 5'])).toBe('none')
    expect(framingOf(['HTTP/1.1 204 No Content'])).toBe('none')
    expect(framingOf(['HTTP/1.1 200', 'Transfer-Encoding: chunked'])).toBe('chunked')
    expect(framingOf(['HTTP/1.1 200 '])).toBe('until-close')
  })

  it('says how long the instance keeps the connection', () => {
    expect(parse(['HTTP/1.1 200 OK', 'Keep-Alive: timeout=5, max=9'])).toMatchObject({
      keepAlive: true,
      keepAliveMs: 5000,
      fields: '',
    })
    expect(parse(['HTTP/1.1 200 OK', 'Connection: close'])).toMatchObject({ keepAlive: false })
    expect(parse(['HTTP/1.0 200 OK'])).toMatchObject({ keepAlive: false })
  })
})
