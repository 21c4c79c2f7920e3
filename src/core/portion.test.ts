import { expect, it } from 'vitest'
import { countOf } from './portion.ts'

it.each([
  [2, 10, 2],
  [{ share: 2_500 }, 8, 2],
  [{ share: 2_500 }, 9, 3],
  [{ share: 1 }, 3, 1],
  [{ share: 0 }, 3, 0],
  [{ share: 10_000 }, 3, 3],
])('a portion of %j of %i instances is %i, rounded up', (portion, whole, count) => {
  expect(countOf(portion, whole)).toBe(count)
})
