import { describe, expect, it } from 'vitest'
import { Cadence } from './cadence.ts'

function countOf(cadence: Cadence, times: readonly number[]): number {
  return times.filter((now) => cadence.take(now)).length
}

describe('a cadence', () => {
  it('lets all go without a limit', () => {
    const cadence = new Cadence()
    cadence.obey(0)
    expect(countOf(cadence, [1, 1, 1, 1])).toBe(4)
  })

  it('lets go so many a second, evenly', () => {
    const cadence = new Cadence()
    cadence.obey(50)
    const everyMs = Array.from({ length: 2000 }, (_, ms) => 1000 + ms)
    expect(countOf(cadence, everyMs.slice(0, 100))).toBeLessThanOrEqual(6)
    expect(countOf(cadence, everyMs.slice(100))).toBeGreaterThanOrEqual(94)
  })

  it('saves up nothing', () => {
    const cadence = new Cadence()
    cadence.obey(10)
    expect(countOf(cadence, [1000, 60_000, 60_000, 60_001])).toBe(2)
  })

  it('makes up for a timer that is late', () => {
    const cadence = new Cadence()
    cadence.obey(1000)
    const everyTenMs = Array.from({ length: 100 }, (_, at) => 1000 + 10 * at)
    expect(
      countOf(
        cadence,
        everyTenMs.flatMap((now) => Array<number>(50).fill(now)),
      ),
    ).toBeGreaterThan(980)
  })
})
