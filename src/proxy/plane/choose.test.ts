import { describe, expect, it } from 'vitest'
import { seeded } from '../../lib/seeded.ts'
import { chooseRelease } from './choose.ts'

function sharesOf<Choice>(choose: () => Choice, times: number): Map<Choice, number> {
  const shares = new Map<Choice, number>()
  for (let count = 0; count < times; count += 1) {
    const choice = choose()
    shares.set(choice, (shares.get(choice) ?? 0) + 1 / times)
  }
  return shares
}

describe('the choice of a release', () => {
  it('follows the weights', () => {
    const random = seeded(1)
    const releases = [
      { release: 'v1', weight: 9500, instances: ['old'] },
      { release: 'v2', weight: 500, instances: ['new'] },
    ]
    const shares = sharesOf(() => chooseRelease(releases, random)?.instances[0], 100_000)
    expect(shares.get('new')).toBeCloseTo(0.05, 2)
    expect(shares.get('old')).toBeCloseTo(0.95, 2)
  })

  it('follows a weight of a hundredth of a percent', () => {
    const random = seeded(6)
    const releases = [
      { release: 'v1', weight: 9999, instances: ['old'] },
      { release: 'v2', weight: 1, instances: ['new'] },
    ]
    const shares = sharesOf(() => chooseRelease(releases, random)?.release, 2_000_000)
    expect(shares.get('v2')! * 10_000).toBeCloseTo(1, 0)
  })

  it('gives the share of a release that is not ready to the others, by their weights', () => {
    const random = seeded(2)
    const releases = [
      { release: 'v1', weight: 3000, instances: ['a'] },
      { release: 'v2', weight: 1000, instances: ['b'] },
    ]
    const shares = sharesOf(() => chooseRelease(releases, random)?.instances[0], 100_000)
    expect(shares.get('a')).toBeCloseTo(0.75, 2)
  })

  it('is none where there is none', () => {
    expect(chooseRelease([], seeded(3))).toBeUndefined()
  })
})
