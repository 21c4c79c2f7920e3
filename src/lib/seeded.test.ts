import { expect, test } from 'vitest'
import { seeded } from './seeded.ts'

test('numbers come again for the same seed, and others for another', () => {
  const numbers = (seed: number) => Array.from({ length: 1_000 }, seeded(seed))
  expect(numbers(1)).toEqual(numbers(1))
  expect(numbers(1)).not.toEqual(numbers(2))
})

test('numbers are spread evenly from 0 to below 1', () => {
  const random = seeded(1)
  const tenths = Array.from({ length: 10 }, () => 0)
  for (let at = 0; at < 10_000; at += 1) tenths[Math.floor(random() * 10)]! += 1
  for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150)
})
