import { describe, expect, it } from 'vitest'
import { JudgedTraffic, type TrafficTerms } from '../../test/support/judged-traffic.ts'
import type { Judging, JudgeSpec } from '../core/judge.ts'
import { seeded } from '../lib/seeded.ts'
import { judging } from './judging.ts'

const SPEC: JudgeSpec = {
  alpha: 0.001,
  errors: true,
  refusals: true,
  memory: true,
  early: false,
  latency: 0.95,
  inconclusive: 'go-on',
}
const USUAL: TrafficTerms = { perSecond: 100, share: 0.1 }

/** A rollout that is judged while its traffic goes through these times, in seconds. */
function rollout(seed = 1, spec: Partial<JudgeSpec> = {}) {
  const traffic = new JudgedTraffic(seeded(seed))
  const judge: Judging = judging({ spec: { ...SPEC, ...spec }, candidate: 'v2', stable: 'v1' })
  const look = (terms: TrafficTerms) =>
    judge.see({ observation: traffic.next(terms), share: terms.share, nowMs: traffic.nowMs })
  return {
    judge,
    /** Ends early with a verdict against the candidate; tells how long it took. */
    goes: (seconds: number, terms: Partial<TrafficTerms>): number => {
      for (let at = 0; at < seconds * 10; at += 1) {
        look({ ...USUAL, ...terms })
        if (judge.opinion.verdict === 'bad') return at / 10
      }
      return seconds
    },
  }
}

describe('the judge', () => {
  it('takes a release back after a few errors, whichever traffic there is', () => {
    for (const perSecond of [10, 100, 1_000]) {
      const { judge, goes } = rollout()
      goes(60, { perSecond })
      goes(60, { perSecond, candidate: { error: 0.2 }, stable: { error: 0.001 } })
      const { opinion } = judge
      expect(opinion).toMatchObject({ verdict: 'bad', grounds: { metric: 'errors' } })
      if (opinion.verdict === 'bad' && 'candidate' in opinion.grounds)
        expect(opinion.grounds.candidate.incidents).toBeLessThan(9)
    }
  })

  it('says on which path it fails when only a rare one does', () => {
    const { judge, goes } = rollout()
    const stable = { error: 0.01, path: '/busy' }
    goes(60, { stable, candidate: stable })
    goes(120, { perSecond: 200, stable, candidate: { error: 0.01, path: '/rare' } })
    expect(judge.opinion).toMatchObject({
      verdict: 'bad',
      grounds: { metric: 'errors', path: 'GET /rare' },
    })
  })

  it('takes a release back that is slower, or refuses more', () => {
    const slow = rollout()
    slow.goes(30, { stable: { slow: 0.05 }, candidate: { slow: 0.05 } })
    const seconds = slow.goes(60, { stable: { slow: 0.05 }, candidate: { slow: 0.2 } })
    expect(slow.judge.opinion).toMatchObject({ grounds: { metric: 'latency' } })
    expect(seconds).toBeLessThan(30)
    const refusing = rollout()
    refusing.goes(30, { stable: { refusal: 0.02 }, candidate: { refusal: 0.02 } })
    refusing.goes(60, { stable: { refusal: 0.02 }, candidate: { refusal: 0.3 } })
    expect(refusing.judge.opinion).toMatchObject({ grounds: { metric: 'refusals' } })
  })

  it('holds nothing against a release that fails as often as the old one, while its share grows', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const { judge, goes } = rollout(seed)
      const both = { error: 0.02, refusal: 0.05, slow: 0.05 }
      for (const share of [0.01, 0.05, 0.25, 0.5, 1])
        goes(30, { share, stable: both, candidate: both })
      expect(judge.opinion.verdict).not.toBe('bad')
    }
  })

  it('freezes while both fail, holds it against nobody, and goes on by itself', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const { judge, goes } = rollout(seed)
      goes(30, {})
      goes(20, { stable: { error: 0.6 }, candidate: { error: 0.9 } })
      expect(judge.opinion.verdict).toBe('frozen')
      goes(10, {})
      expect(['fine', 'undecided']).toContain(judge.opinion.verdict)
    }
  })

  it('does not freeze when only the old release fails', () => {
    const { judge, goes } = rollout()
    goes(30, {})
    goes(20, { stable: { error: 0.5 } })
    expect(judge.opinion.verdict).not.toBe('frozen')
  })

  it('takes a release back that breaks when all traffic is on it', () => {
    const { judge, goes } = rollout()
    goes(30, {})
    goes(30, { share: 1 })
    const seconds = goes(30, { share: 1, candidate: { error: 0.1 } })
    expect(judge.opinion).toMatchObject({ verdict: 'bad', grounds: { metric: 'errors' } })
    expect(seconds).toBeLessThan(2)
  })

  it('calls a release fine that had no incident in some hundred answers with its present share', () => {
    const { judge, goes } = rollout()
    goes(10, {})
    expect(judge.opinion.verdict).toBe('undecided')
    goes(40, {})
    expect(judge.opinion.verdict).toBe('fine')
    goes(1, { share: 0.5 })
    expect(judge.opinion.verdict).toBe('undecided')
    goes(10, { share: 0.5 })
    expect(judge.opinion.verdict).toBe('fine')
  })

  it('says whose errors it saw when all are of one user or two, and waits', () => {
    for (const users of [1, 2]) {
      const { judge, goes } = rollout()
      goes(60, { users, candidate: { error: 0.2 } })
      const { opinion } = judge
      expect(opinion).toMatchObject({ verdict: 'undecided', few: { users } })
      expect('few' in opinion && opinion.few?.incidents).toBeGreaterThan(50)
    }
    const { judge, goes } = rollout()
    goes(60, { users: 2, candidate: { error: 0.01 } })
    expect(judge.opinion).not.toHaveProperty('few')
  })

  it('looks at nothing it was not asked to compare', () => {
    const { judge, goes } = rollout(1, { errors: false, refusals: false })
    goes(60, { candidate: { error: 0.5, refusal: 0.5 } })
    expect(judge.opinion.verdict).not.toBe('bad')
  })

  it('counts nothing of what was before the rollout', () => {
    const { judge, goes } = rollout()
    goes(0.1, { perSecond: 1_000, candidate: { error: 1 } })
    expect(judge.opinion).toMatchObject({ verdict: 'undecided', candidate: { answers: 0 } })
  })
})
