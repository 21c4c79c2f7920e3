import { describe, expect, it } from 'vitest'
import { compare } from './compare.ts'
import { fuzz } from './fuzz.ts'
import { minimize } from './minimize.ts'
import { Random } from './random.ts'

const SECONDS = 5

describe('a short fuzz', () => {
  it(
    'finds no difference that nothing explains, no slow input, and no growth of memory',
    { timeout: 60_000 },
    async () => {
      const report = await fuzz({ seed: 1, seconds: SECONDS, sendEvery: 20 })
      expect(report.failure).toBeUndefined()
      expect(report.inputs).toBeGreaterThan(100)
      expect(report.sent).toBeGreaterThan(1)
      expect(report.stricter).toBeGreaterThan(10)
    },
  )

  it('makes the same choices from the same seed', () => {
    const numbers = (seed: number) => {
      const random = new Random(seed)
      return Array.from({ length: 20 }, () => random.below(1000))
    }
    expect(numbers(7)).toEqual(numbers(7))
    expect(numbers(7)).not.toEqual(numbers(8))
  })

  it('shortens what fails to what makes it fail', () => {
    expect(minimize('xxxxaxxbxxx', (text) => text.includes('a') && text.includes('b'))).toBe('ab')
  })
})

describe('two readings of one stream', () => {
  const message = { start: 'GET /', host: 'a', body: '' }
  const one = { messages: [message], rest: 'open' } as const
  const none = { messages: [], rest: 'open' } as const
  const refused = { messages: [], rest: 'refused', why: 'no' } as const

  it('are alike when both find the same messages', () => {
    expect(compare(one, one)).toBeUndefined()
    expect(compare(refused, refused)).toBeUndefined()
  })

  it('may differ where we are the stricter ones', () => {
    expect(compare(refused, one)).toBe('stricter')
    expect(compare(refused, none)).toBe('stricter')
  })

  it('may not differ in any other way', () => {
    const other = { messages: [{ ...message, body: 'x' }], rest: 'open' } as const
    expect(compare(one, other)).toMatchObject({ kind: 'they-differ' })
    expect(compare(one, refused)).toMatchObject({ kind: 'they-refuse', why: 'no' })
    expect(compare(one, none)).toMatchObject({ kind: 'they-wait' })
    expect(compare(none, one)).toMatchObject({ kind: 'they-see-more' })
  })
})
