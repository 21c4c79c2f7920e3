import { describe, expect, it } from 'vitest'
import { seeded } from '../../lib/seeded.ts'
import { type Candidate, EVEN, type Policy } from './candidate.ts'
import { lessLoaded } from './less-loaded.ts'
import { roundRobin } from './round-robin.ts'

function candidate(requests = 0, share = 1): Candidate {
  return { requests, full: false, credit: 0, shareAt: () => share }
}

/** Which share each gets, in their order. */
function sharesOf(policy: Policy, all: readonly Candidate[], nowMs: number): number[] {
  const random = seeded(7)
  const counts = new Map<Candidate | undefined, number>()
  for (let count = 0; count < 20_000; count += 1) {
    const chosen = policy(all, nowMs, random)
    counts.set(chosen, (counts.get(chosen) ?? 0) + 1)
  }
  return all.map((each) => (counts.get(each) ?? 0) / 20_000)
}

describe('the less loaded of two', () => {
  it('is never the most loaded of three', () => {
    const [most, least, some] = sharesOf(
      lessLoaded,
      [candidate(9), candidate(1), candidate(2)],
      EVEN,
    )
    expect(most).toBe(0)
    expect(least).toBeCloseTo(2 / 3, 1)
    expect(some).toBeCloseTo(1 / 3, 1)
  })

  it('is even among equals', () => {
    const all = [candidate(), candidate(), candidate()]
    for (const share of sharesOf(lessLoaded, all, EVEN)) expect(share).toBeCloseTo(1 / 3, 1)
  })

  it('is the only one, or none where there is none', () => {
    const one = candidate(5)
    expect(lessLoaded([one], EVEN, seeded(1))).toBe(one)
    expect(lessLoaded([], EVEN, seeded(1))).toBeUndefined()
  })
})

describe('taking turns', () => {
  const order = (all: readonly Candidate[], times: number, nowMs = EVEN) =>
    Array.from({ length: times }, () => all.indexOf(roundRobin(all, nowMs, Math.random)!)).join('')

  it('goes round', () => {
    expect(order([candidate(), candidate(), candidate()], 9)).toBe('012012012')
  })

  it('stays fair when one goes and comes back', () => {
    const [a, b, c] = [candidate(), candidate(), candidate()]
    const counts = new Map([a, b, c].map((each) => [each, 0]))
    for (let turn = 0; turn < 3000; turn += 1) {
      // One of them is away every other time, as if it flapped.
      const all = turn % 2 === 0 ? [a, b, c] : [a, b]
      const chosen = roundRobin(all, EVEN, Math.random)!
      counts.set(chosen, (counts.get(chosen) ?? 0) + 1)
    }
    // Of every six requests two and a half each, and one for the one that is away half of the time.
    expect([a, b, c].map((each) => Math.round(counts.get(each)! / 50))).toEqual([25, 25, 10])
  })

  it('gives one that joins its turn, and not several to make up for the past', () => {
    const old = [candidate(), candidate()]
    order(old, 1001)
    const all = [...old, candidate()]
    const joined = order(all, 12)
    expect(joined.split('').filter((each) => each === '2')).toHaveLength(4)
    expect(joined).not.toContain('22')
  })

  it('has one that warms up less often, smoothly', () => {
    const all = [candidate(), candidate(0, 0.5), candidate()]
    expect(order(all, 10, 1)).not.toContain('11')
    expect(sharesOf(roundRobin, all, 1)[1]).toBeCloseTo(0.5 / 2.5, 2)
  })
})

describe.each([
  ['the less loaded of two', lessLoaded],
  ['taking turns', roundRobin],
])('while an instance warms up, %s', (_, policy) => {
  it.each([0.1, 0.5, 0.9])('keeps it close to its share of %d', (share) => {
    const all = [candidate(), candidate(), candidate(0, share), candidate()]
    const got = sharesOf(policy, all, 1)[2]!
    // Of four, its part is somewhat more than a quarter of its share where the others take what it does not.
    expect(got).toBeGreaterThan((share / 4) * 0.9)
    expect(got).toBeLessThan((share / 4) * 1.35)
  })

  it('gives it no more for having the least load of all', () => {
    const all = [candidate(50), candidate(50), candidate(0, 0.1), candidate(50)]
    expect(sharesOf(policy, all, 1)[2]).toBeLessThan(0.04)
  })
})
