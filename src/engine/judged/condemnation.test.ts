import { describe, expect, it } from 'vitest'
import type { GrowthGrounds } from '../../core/judge.ts'
import type { Plan } from '../../core/plan.ts'
import { condemnation } from './condemnation.ts'

const PLAN: Plan = { service: 'shop', strategy: 'canary', from: 'v1', to: 'v2', steps: [] }

const wordsOn = (grounds: Omit<GrowthGrounds, 'instance'>) =>
  condemnation(PLAN, { ...grounds, instance: 'shop.v2.0' }).message

it('a verdict on crashes says how often instances ended, and among how many', () => {
  const grounds = {
    metric: 'crashes',
    candidate: { answers: 10, incidents: 6 },
    stable: { answers: 90, incidents: 1 },
    evidence: 30_000.5,
  } as const
  expect(condemnation(PLAN, grounds)).toMatchObject({
    code: 'release-worse',
    message:
      'v2 is worse than v1: its 10 instances ended by themselves 6 times, v1’s 90 instances ended by themselves once; that is 30000 times likelier than with equal releases',
  })
})

describe('a verdict on growth', () => {
  it('names the slope, what there is, when nothing is left, and what the old release does now', () => {
    const memory = { metric: 'memory', perSecond: 5e6, now: 312.4e6, fullInMs: 85_400 } as const
    expect(wordsOn({ ...memory, stable: { perSecond: 1e5, when: 'now' } })).toBe(
      'shop.v2.0 grows by 5.0 MB a second and has 312.4 MB (v1 grows by 0.1 MB); at that rate there is none left in 85s',
    )
    expect(wordsOn(memory)).toBe(
      'shop.v2.0 grows by 5.0 MB a second and has 312.4 MB; at that rate there is none left in 85s',
    )
  })

  it('says so when the old release is compared as it was at the same age', () => {
    const words = wordsOn({
      metric: 'descriptors',
      perSecond: 2,
      now: 400,
      fullInMs: 300_000,
      stable: { perSecond: 0.25, when: 'same-age' },
    })
    expect(words).toContain('(v1 grew, when it was as old, by 0.3 file descriptors)')
  })

  it('tells lag in milliseconds, and that checks will fail', () => {
    expect(wordsOn({ metric: 'lag', perSecond: 6, now: 340, fullInMs: 110_000 })).toBe(
      'shop.v2.0 grows by 6.0 ms of lag a second and has 340.0 ms of lag; at that rate its health check is answered too late in 110s',
    )
  })
})
