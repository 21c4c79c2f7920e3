import { describe, expect, it } from 'vitest'
import { ChunkScanner } from './chunk-scanner.ts'

/** How many bytes belong to the body, fed in parts of this size; the status of the fault when there is one. */
function scan(body: string, step = body.length): { end: number; done: boolean } | number {
  const scanner = new ChunkScanner(1000, 'bytes')
  let end = 0
  for (let at = 0; at < body.length && !scanner.done; at += step) {
    const taken = scanner.scan(Buffer.from(body.slice(at, at + step), 'latin1'))
    if (scanner.fault) return scanner.fault.status
    end += taken
  }
  return { end, done: scanner.done }
}

describe('a chunked body', () => {
  const whole = [
    '0\r\n\r\n',
    '5\r\nhello\r\n0\r\n\r\n',
    '5\r\nhello\r\n00A\r\n0123456789\r\n0\r\n\r\n',
    '5;name=value;x="y z"\r\nhello\r\n0;last\r\n\r\n',
    '1\r\n\r\r\n1\r\n\n\r\n0\r\nX-Sum: 1\r\nX-Other:\r\n\r\n',
  ]
  it.each(whole)('%j ends where it ends', (body) => {
    for (let step = 1; step <= body.length; step += 1)
      expect(scan(body, step)).toEqual({ end: body.length, done: true })
    expect(scan(`${body}GET / HTTP/1.1`)).toEqual({ end: body.length, done: true })
    expect(scan(body.slice(0, -1))).toEqual({ end: body.length - 1, done: false })
  })

  const broken: readonly (readonly [string, number])[] = [
    ['\r\n', 400],
    ['g\r\n', 400],
    ['-1\r\n', 400],
    ['+1\r\n', 400],
    ['0x1\r\n', 400],
    [' 1\r\n', 400],
    ['1 \r\n', 400],
    ['1 ;a\r\n', 400],
    ['1\na', 400],
    ['1\r\ra', 400],
    ['1;a\nb\r\n', 400],
    ['1;\u0000\r\n', 400],
    [`1;${'a'.repeat(300)}\r\n`, 400],
    ['10000000000000\r\n', 400],
    ['1\r\nab\r\n', 400],
    ['1\r\na\n', 400],
    ['1\r\na\r0', 400],
    ['0\r\nA: b\nC: d\r\n\r\n', 400],
    ['0\r\nno field\r\n\r\n', 400],
    ['0\r\n folded: x\r\n\r\n', 400],
    ['0\r\nContent-Length: 5\r\n\r\n', 400],
    ['0\r\nTransfer_Encoding: chunked\r\n\r\n', 400],
    [`0\r\nA: ${'b'.repeat(9000)}\r\n\r\n`, 400],
    ['3e9\r\n', 413],
  ]
  it.each(broken)('%j is answered %i', (body, status) => {
    expect(scan(body)).toBe(status)
    expect(scan(body, 1)).toBe(status)
  })

  it('can be told by its content', () => {
    const scanner = new ChunkScanner(1000, 'content')
    const bytes = Buffer.from('5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n')
    expect(scanner.passed(bytes, scanner.scan(bytes)).toString()).toBe('hello world')
  })

  it('is passed on without the extensions of its chunks, however it is split', () => {
    const body = '5;a=b\r\nhello\r\n1;x="y;z"\r\n;\r\n0;last\r\nX-Sum: 1;2\r\n\r\n'
    const plain = '5\r\nhello\r\n1\r\n;\r\n0\r\nX-Sum: 1;2\r\n\r\n'
    for (let first = 0; first <= body.length; first += 1) {
      for (let second = first; second <= body.length; second += 1)
        expect(
          passedIn([body.slice(0, first), body.slice(first, second), body.slice(second)]),
        ).toBe(plain)
    }
  })

  it('costs no copy where nothing is left out', () => {
    const scanner = new ChunkScanner(1000, 'bytes')
    const bytes = Buffer.from('5\r\nhello\r\n0\r\n\r\n')
    expect(scanner.passed(bytes, scanner.scan(bytes))).toBe(bytes)
  })

  it('may come in tiny chunks, but not be mostly extensions', () => {
    const scanOf = (chunk: string) => scan(`${chunk.repeat(500)}0\r\n\r\n`, 997)
    expect(scanOf('1\r\na\r\n')).toMatchObject({ done: true })
    expect(scanOf('1;a=b\r\na\r\n')).toMatchObject({ done: true })
    expect(scanOf(`1;${'a'.repeat(100)}\r\na\r\n`)).toBe(400)
  })
})

function passedIn(parts: readonly string[]): string {
  const scanner = new ChunkScanner(1000, 'bytes')
  return parts
    .map((part) => Buffer.from(part, 'latin1'))
    .map((bytes) => scanner.passed(bytes, scanner.scan(bytes)).toString('latin1'))
    .join('')
}
