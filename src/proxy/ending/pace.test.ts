import { describe, expect, it } from 'vitest'
import { Pace } from './pace.ts'

function countOf(pace: Pace, times: readonly number[]): number {
  return times.filter((now) => pace.take(now)).length
}

describe('a pace', () => {
  it('lets all go without a limit', () => {
    const pace = new Pace()
    pace.obey(0)
    expect(countOf(pace, [1, 1, 1, 1])).toBe(4)
  })

  it('lets go so many a second, evenly', () => {
    const pace = new Pace()
    pace.obey(50)
    const everyMs = Array.from({ length: 2000 }, (_, ms) => 1000 + ms)
    expect(countOf(pace, everyMs.slice(0, 100))).toBeLessThanOrEqual(6)
    expect(countOf(pace, everyMs.slice(100))).toBeGreaterThanOrEqual(94)
  })

  it('saves up nothing', () => {
    const pace = new Pace()
    pace.obey(10)
    expect(countOf(pace, [1000, 60_000, 60_000, 60_001])).toBe(2)
  })

  it('makes up for a timer that is late', () => {
    const pace = new Pace()
    pace.obey(1000)
    const everyTenMs = Array.from({ length: 100 }, (_, at) => 1000 + 10 * at)
    expect(
      countOf(
        pace,
        everyTenMs.flatMap((now) => Array<number>(50).fill(now)),
      ),
    ).toBeGreaterThan(980)
  })
})
