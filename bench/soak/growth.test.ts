import { describe, expect, it } from 'vitest'
import { growthOf } from './growth.ts'

const series = (at: (n: number) => number) => ({
  name: 'worker',
  megabytes: Array.from({ length: 360 }, (_, n) => at(n)),
})

describe('the growth of memory', () => {
  it('is flat when it goes up and down around the same', () => {
    expect(growthOf(series((n) => 100 + (n % 7))).isFlat).toBe(true)
  })

  it('is flat when only the warm-up grows', () => {
    expect(growthOf(series((n) => Math.min(100, 50 + n * 2))).isFlat).toBe(true)
  })

  it('is not flat when it grows by a tenth', () => {
    expect(growthOf(series((n) => 100 + n / 20)).isFlat).toBe(false)
  })

  it('is not flat when it grows by 30 MB, however large it is', () => {
    expect(growthOf(series((n) => 1_000 + n / 5)).isFlat).toBe(false)
  })
})
