import { expect, it } from 'vitest'
import { opinionText } from './opinion-text.ts'

it('tells of growth with what the old release is compared by', () => {
  const grounds = {
    metric: 'lag',
    instance: 'shop.v2.0',
    perSecond: 6.04,
    now: 340,
    fullInMs: 1_100_000,
  } as const
  const text = (when: 'now' | 'same-age') =>
    opinionText({ verdict: 'bad', grounds: { ...grounds, stable: { perSecond: 0, when } } })
  expect(text('now')).toBe(
    'worse: shop.v2.0 grew in lag by 6.0 ms a second (the old release now: 0.0 ms), full in 1,100s',
  )
  expect(text('same-age')).toContain('(the old release at the same age: 0.0 ms)')
  // As records of before have it.
  expect(opinionText({ verdict: 'bad', grounds })).toContain('by 6.0 ms a second, full in')
})
