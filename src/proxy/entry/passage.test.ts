import { describe, expect, it } from 'vitest'
import { readClaims } from './claims.ts'
import { passageOf } from './passage.ts'

const ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const TRACE = `00-${ID}-00f067aa0ba902b7-01`

function passage(lines: readonly string[], method = 'GET') {
  const text = lines.map((line) => `${line}\r\n`).join('')
  const given = passageOf(text === '' ? undefined : readClaims(text), '1.1', method)
  return { ...given, lines: given.lines.split('\r\n') }
}

describe('X-Request-Id', () => {
  it('is made where there is none, and never twice', () => {
    const ids = Array.from({ length: 2000 }, () => passage([]).requestId)
    expect(new Set(ids).size).toBe(2000)
    expect(passage([]).lines[0]).toMatch(/^X-Request-Id: [\da-f]{32}$/)
  })

  it.each(['abc', ID, '550e8400-e29b-41d4-a716-446655440000', 'Root=1-67891233-abc'])(
    'stays %s',
    (id) => {
      expect(passage([`X-Request-Id: ${id}`])).toMatchObject({ requestId: id })
    },
  )

  it.each([[['']], [['a b']], [['a'.repeat(129)]], [['<x>']], [['a', 'b']]])(
    'is made anew for %j',
    (ids) => {
      const { requestId } = passage(ids.map((id) => `X-Request-Id: ${id}`))
      expect(requestId).toMatch(/^[\da-f]{32}$/)
    },
  )
})

describe('traceparent', () => {
  it('is made where there is none', () => {
    expect(passage([]).lines[1]).toMatch(/^traceparent: 00-[\da-f]{32}-[\da-f]{16}-01$/)
  })

  it.each([
    TRACE,
    `00-${ID}-00f067aa0ba902b7-00`,
    `cc-${ID}-00f067aa0ba902b7-01-what-the-future-is`,
  ])('%s is passed on with what stands beside it', (trace) => {
    const { lines } = passage([`traceparent: ${trace}`, 'tracestate: a=1', 'tracestate: b=2'])
    expect(lines.slice(1, 3)).toEqual([`traceparent: ${trace}`, 'tracestate: a=1,b=2'])
  })

  it.each([
    `ff-${ID}-00f067aa0ba902b7-01`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${ID}-${'0'.repeat(16)}-01`,
    `00-${ID.toUpperCase()}-00f067aa0ba902b7-01`,
    `${TRACE}-more`,
    `${TRACE}.`,
    TRACE.slice(1),
    '',
  ])('%j is replaced, with what stands beside it', (trace) => {
    const { lines } = passage([`traceparent: ${trace}`, 'tracestate: a=1'])
    expect(lines[1]).toMatch(/^traceparent: 00-[\da-f]{32}-[\da-f]{16}-01$/)
    expect(lines[1]).not.toContain(ID)
    expect(lines.join()).not.toContain('tracestate')
  })

  it('is replaced when there are two', () => {
    expect(passage([`traceparent: ${TRACE}`, `traceparent: ${TRACE}`]).lines[1]).not.toContain(ID)
  })
})

describe('Via', () => {
  it('ends with us', () => {
    expect(passage([]).lines).toContain('Via: 1.1 midflight')
    expect(passage(['Via: 1.0 fred, 1.1 p.example', 'Via: 2 x']).lines).toContain(
      'Via: 1.0 fred, 1.1 p.example, 2 x, 1.1 midflight',
    )
  })
})

describe('Max-Forwards', () => {
  it('counts down for TRACE and OPTIONS, and is passed on for all others', () => {
    expect(passage(['Max-Forwards: 7'], 'OPTIONS').lines).toContain('Max-Forwards: 6')
    expect(passage(['Max-Forwards: 7'], 'TRACE').lines).toContain('Max-Forwards: 6')
    expect(passage(['Max-Forwards: 7'], 'GET').lines).toContain('Max-Forwards: 7')
    expect(passage(['Max-Forwards: x'], 'OPTIONS').lines.join()).not.toContain('Max')
  })
})
