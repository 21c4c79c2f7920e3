import { describe, expect, it } from 'vitest'
import { seeded } from '../lib/seeded.ts'
import { Comparison } from './comparison.ts'

/** Events at a tenth of the traffic, each of another user unless said. */
function events(of: 'candidate' | 'stable', count: number, user?: string) {
  return Array.from({ length: count }, (_, at) => ({
    of,
    user: user ?? `${of}-${at}`,
    atMs: at,
    share: 0.1,
  }))
}

function verdictAfter(...all: readonly ReturnType<typeof events>[]) {
  const comparison = new Comparison()
  for (const event of all.flat()) comparison.count(event)
  return comparison.verdict
}

describe('a candidate', () => {
  it('is bad after a handful of events that nobody else has', () => {
    expect(verdictAfter(events('candidate', 3))).toBe('undecided')
    expect(verdictAfter(events('candidate', 5))).toBe('bad')
  })

  it('is not bad for what one user meets again and again', () => {
    expect(verdictAfter(events('candidate', 500, 'ann'))).toBe('undecided')
  })

  it('is not bad when the stable release has its part of them', () => {
    expect(verdictAfter(events('stable', 90), events('candidate', 10))).toBe('undecided')
  })

  it('is not bad for a tenth more, however many there are', () => {
    const random = seeded(1)
    const comparison = new Comparison()
    for (let at = 0; at < 20_000; at += 1) {
      const of = random() < 0.11 / 1.01 ? 'candidate' : 'stable'
      comparison.count({ of, user: String(at), atMs: at, share: 0.1 })
    }
    expect(comparison.verdict).toBe('fine')
  })

  it('is fine when it has no more than its part of many', () => {
    expect(verdictAfter(events('stable', 450), events('candidate', 50))).toBe('fine')
  })

  it('is not bad when both fail alike for a few users who meet both, over and over', () => {
    const random = seeded(7)
    const comparison = new Comparison()
    for (let at = 0; at < 5_000; at += 1) {
      const of = random() < 0.1 ? 'candidate' : 'stable'
      comparison.count({ of, user: String(at % 10), atMs: at * 50, share: 0.1 })
    }
    expect(comparison.verdict).not.toBe('bad')
  })

  it('is hardly ever bad by chance when both fail alike, also one time in fifty', () => {
    let bad = 0
    for (let run = 0; run < 100; run += 1) {
      const random = seeded(run)
      const comparison = new Comparison()
      for (let at = 0; at < 1_000 && comparison.verdict !== 'bad'; at += 1) {
        const of = random() < 0.1 ? 'candidate' : 'stable'
        comparison.count({ of, user: String(at), atMs: at * 50, share: 0.1 })
      }
      if (comparison.verdict === 'bad') bad += 1
    }
    expect(bad).toBe(0)
  })
})
