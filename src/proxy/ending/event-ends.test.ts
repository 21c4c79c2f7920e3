import { describe, expect, it } from 'vitest'
import { EventEnds } from './event-ends.ts'

const following = (...parts: readonly string[]) => {
  const ends = new EventEnds()
  for (const part of parts) ends.follow(Buffer.from(part))
  return ends
}

describe('the end of an event', () => {
  it('is before the first one', () => {
    expect(new EventEnds().between).toBe(true)
  })

  it.each(['data: 1\n\n', 'data: 1\r\n\r\n', 'data: 1\r\r', 'data: 1\r\n\n', ': ping\n\r\n'])(
    'is an empty line, however lines end: %j',
    (event) => {
      expect(following(event).between).toBe(true)
      expect(following(...event.split('')).between).toBe(true)
      expect(following('data: 0\n\n', event, 'data: 2').between).toBe(false)
    },
  )

  it.each(['data: 1', 'data: 1\n', 'data: 1\r\n', 'data: 1\r', 'id: 1\r\ndata: 1\r\n'])(
    'is not in %j',
    (begun) => {
      expect(following(begun).between).toBe(false)
      expect(following(...begun.split('')).between).toBe(false)
    },
  )

  it('is found in what comes next, also when its empty line has begun already', () => {
    expect(following('data: 1').endIn(Buffer.from('2\n\ndata: 3\n\n'))).toBe(3)
    expect(following('data: 1\r\n').endIn(Buffer.from('\r\ndata: 3'))).toBe(2)
    expect(following('data: 1\r').endIn(Buffer.from('\n\r\nrest'))).toBe(3)
    expect(following('data: 1').endIn(Buffer.from('2\r\ndata: 3\r\n'))).toBe(-1)
  })
})
