import { describe, expect, it } from 'vitest'
import { Pace } from './pace.ts'

/** After how many seconds somebody is too slow who moves so many bytes in each. */
function tooSlowAfter(pace: Pace, bytes: number, most = 1000): number | undefined {
  for (let second = 1; second <= most; second += 1) {
    pace.moved(bytes)
    if (!pace.kept(1000)) return second
  }
  return undefined
}

describe('a pace', () => {
  it('is kept by whoever moves as much as the rate', () => {
    expect(tooSlowAfter(new Pace(1000), 1000)).toBeUndefined()
  })

  it('leaves five seconds to whoever moves nothing', () => {
    expect(tooSlowAfter(new Pace(1000), 0)).toBe(6)
  })

  it('is an average: half of the rate is too slow, but later', () => {
    expect(tooSlowAfter(new Pace(1000), 500)).toBe(11)
  })

  it('lets half a minute be saved up and no more, and what cannot be seen', () => {
    const saved = (unseen: number) => {
      const pace = new Pace(1000, unseen)
      pace.moved(1_000_000)
      return tooSlowAfter(pace, 0)
    }
    expect(saved(0)).toBe(31)
    expect(saved(10_000)).toBe(41)
  })

  it('asks for nothing while it is not theirs to move', () => {
    const pace = new Pace(1000)
    for (let second = 0; second < 100; second += 1) expect(pace.kept(0)).toBe(true)
  })
})
