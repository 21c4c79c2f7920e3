import { describe, expect, it } from 'vitest'
import { seeded } from '../lib/seeded.ts'
import { Evidence, geometric } from './evidence.ts'

const ODDS = {
  chance: (odds: number, share: number) => (share * odds) / (share * odds + 1 - share),
  limit: 1,
  alternatives: geometric(1.5, 2000, 24),
}

/** How many events of the candidate alone it takes, at this share of the traffic. */
function eventsToRuleOut(alpha: number, share: number): number {
  const evidence = new Evidence(ODDS)
  for (let events = 0; ; events += 1) {
    if (evidence.rulesOut(alpha)) return events
    evidence.add(true, share)
  }
}

describe('the evidence that events fall on the candidate', () => {
  it.each([
    [0.01, 2, 2, 3],
    [0.05, 2, 3, 4],
    [0.1, 3, 4, 5],
    [0.25, 4, 6, 8],
  ])('is enough after few of them, at a share of %d', (share, ...events) => {
    expect([0.01, 0.001, 0.0001].map((alpha) => eventsToRuleOut(alpha, share))).toEqual(events)
  })

  it('says nothing before anything was seen', () => {
    expect(new Evidence(ODDS).log).toBe(0)
  })

  it('is hardly ever enough by chance, however often one looks and while the share changes', () => {
    let wrong = 0
    for (let run = 0; run < 500; run += 1) {
      const random = seeded(run)
      const evidence = new Evidence(ODDS)
      let isRuledOut = false
      for (let at = 0; at < 200 && !isRuledOut; at += 1) {
        const share = at < 100 ? 0.05 : 0.25
        evidence.add(random() < share, share)
        isRuledOut = evidence.rulesOut(0.01)
      }
      if (isRuledOut) wrong += 1
    }
    expect(wrong).toBeLessThanOrEqual(5)
  })
})
