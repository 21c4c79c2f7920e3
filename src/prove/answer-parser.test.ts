import { describe, expect, it } from 'vitest'
import { AnswerParser } from './answer-parser.ts'

const length = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Version: 3\r\n\r\nhello'
const chunked =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n'

describe('an answer', () => {
  it.each([
    ['with a length', length],
    ['in chunks', chunked],
    ['behind an interim answer', `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${length}`],
  ])('%s is read however its bytes arrive', (_, text) => {
    for (let size = 1; size <= text.length; size += 1) {
      const answer = inPieces(new AnswerParser(), text, size)
      expect(answer?.body.toString()).toBe('hello')
      expect(answer?.reusable).toBe(true)
    }
  })

  it('that ends with its connection is whole only then', () => {
    const parser = new AnswerParser()
    expect(parser.push(Buffer.from('HTTP/1.1 200 OK\r\n\r\nhello'))).toBeUndefined()
    expect(parser.end()).toMatchObject({ bytes: 5, reusable: false })
  })

  it('with a length is not whole when its connection ends early', () => {
    const parser = new AnswerParser()
    parser.push(Buffer.from(length.slice(0, -1)))
    expect(parser.end()).toBeUndefined()
  })

  it('that announces a close is not followed by another', () => {
    const text = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'
    expect(new AnswerParser().push(Buffer.from(text))?.reusable).toBe(false)
  })

  it('to an upgrade leaves the bytes behind it to the other protocol', () => {
    const parser = new AnswerParser()
    const answer = parser.push(Buffer.from('HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\nframe'))
    expect([answer?.status, parser.rest.toString()]).toEqual([101, 'frame'])
  })

  it.each([
    'SMTP ready\r\n\r\n',
    'HTTP/1.1 200 OK\r\n: nameless\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTrailer: x\r\n\r\n',
  ])('against the protocol is a fault: %j', (text) => {
    expect(() => new AnswerParser().push(Buffer.from(text))).toThrow(SyntaxError)
  })
})

function inPieces(parser: AnswerParser, text: string, size: number) {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) {
    const answer = parser.push(bytes.subarray(at, at + size))
    if (answer) return answer
  }
  return undefined
}
