import { describe, expect, it } from 'vitest'
import { outcomeOf, RULES } from './outcome.ts'
import type { World } from './world.ts'

/** 100 requests a second, a tenth of them on the new release, for at most ten minutes. */
const TRAFFIC = { perSecond: 100, share: 0.1, burst: 1 }
const RUNS = 1_000

function outcome(errors: Pick<World, 'candidate' | 'stable'>) {
  const about = errors.candidate === errors.stable ? 'equal releases' : 'bad release'
  const rule = RULES['midflight']
  if (!rule) throw new Error('the judge is not among the rules')
  return outcomeOf({ about, ...TRAFFIC, ...errors }, 'midflight', rule, RUNS)
}

describe('a thousand simulated rollouts', () => {
  it('to a release with 0.5 % errors beside 0.1 % are taken back, nearly all, after a few', () => {
    const { undone, escapedP95 } = outcome({ candidate: 0.005, stable: 0.001 })
    expect(undone).toBeGreaterThanOrEqual(0.95)
    expect(escapedP95).toBeLessThanOrEqual(25)
  })

  it('during which something shared gives both releases 2 % errors are not taken back', () => {
    expect(outcome({ candidate: 0.02, stable: 0.02 }).undone).toBeLessThanOrEqual(0.002)
  })
}, 120_000)
