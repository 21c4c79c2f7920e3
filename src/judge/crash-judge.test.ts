import { describe, expect, it } from 'vitest'
import type { JudgeSpec, Lives, Opinion } from '../core/judge.ts'
import { seeded } from '../lib/seeded.ts'
import { judging } from './judging.ts'

const SPEC: JudgeSpec = {
  alpha: 0.001,
  errors: true,
  refusals: true,
  memory: false,
  crashes: 'compared',
  early: false,
  inconclusive: 'go-on',
}

interface Terms {
  readonly candidate: number
  readonly stable: number
  readonly share: number
  /** Of each instance, the chance to end within a second. */
  readonly ends: { readonly candidate: number; readonly stable: number }
}

/** So many seconds of a rollout whose instances end by chance and are started again at once; ends early with a verdict. */
function opinionAfter(
  seconds: number,
  terms: Terms | ((second: number) => Terms),
  seed = 1,
): { readonly opinion: Opinion; readonly second: number } {
  const random = seeded(seed)
  const judge = judging({ spec: SPEC, candidate: 'v2', stable: 'v1' })
  for (let second = 0; second < seconds; second += 1) {
    const now = typeof terms === 'function' ? terms(second) : terms
    const observation = { cursor: second, releases: {}, incidents: [] }
    const lives = livesOf(now, random)
    judge.see({ observation, share: now.share, nowMs: second * 1_000, lives })
    if (judge.opinion.verdict === 'bad') return { opinion: judge.opinion, second }
  }
  return { opinion: judge.opinion, second: seconds }
}

function livesOf({ candidate, stable, ends }: Terms, random: () => number): Lives {
  const endedOf = (release: string, count: number, chance: number) =>
    Array.from({ length: count }, (_, slot) => ({ instance: `shop.${release}.${slot}`, release }))
      // One after the other; the order is that of the slots.
      .filter(() => random() < chance)
  const ended = [...endedOf('v2', candidate, ends.candidate), ...endedOf('v1', stable, ends.stable)]
  return { running: { candidate, stable }, ended }
}

const LARGE = { candidate: 10, stable: 90, share: 0.1 }

describe('the judge of crashes', () => {
  it('takes a release back whose instances end more often, after a handful, with the numbers', () => {
    const { opinion, second } = opinionAfter(600, {
      ...LARGE,
      ends: { candidate: 0.02, stable: 0.0001 },
    })
    expect(opinion).toMatchObject({
      verdict: 'bad',
      grounds: { metric: 'crashes', candidate: { answers: 10 }, stable: { answers: 90 } },
    })
    expect(opinion.verdict === 'bad' && 'candidate' in opinion.grounds).toBe(true)
    if (opinion.verdict === 'bad' && 'candidate' in opinion.grounds)
      expect(opinion.grounds.candidate.incidents).toBeLessThan(10)
    expect(second).toBeLessThan(120)
  })

  it('takes no release back whose instances end as often as the old ones, though they end all the time', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const ends = { candidate: 0.005, stable: 0.005 }
      const grows = (second: number) =>
        second < 150 ? { ...LARGE, ends } : { candidate: 50, stable: 50, share: 0.5, ends }
      expect(opinionAfter(300, grows, seed).opinion.verdict).not.toBe('bad')
    }
  })

  it('takes it for the instance’s own when one ends again and again', () => {
    const ends = { candidate: 0.5, stable: 0 }
    const two = { candidate: 2, stable: 18, share: 0.1, ends }
    expect(opinionAfter(300, two).opinion.verdict).toBe('undecided')
  })

  it('does not hold it against the new release that the old one has nothing to do any more', () => {
    const idle = { candidate: 10, stable: 10, share: 1, ends: { candidate: 0.002, stable: 0 } }
    expect(opinionAfter(600, idle).opinion.verdict).not.toBe('bad')
  })

  it('takes a release back whose instances all end when the whole traffic is on it', () => {
    const good = { candidate: 10, stable: 10, share: 0.5, ends: { candidate: 0, stable: 0 } }
    const broken = { ...good, share: 1, ends: { candidate: 0.2, stable: 0 } }
    const { second } = opinionAfter(300, (at) => (at < 120 ? good : broken))
    expect(second).toBeLessThan(160)
  })

  it('says nothing of an old instance that ends while the new release has none yet', () => {
    const none = { candidate: 0, stable: 10, share: 0, ends: { candidate: 0, stable: 0.2 } }
    const both = { candidate: 10, stable: 10, share: 0.5, ends: { candidate: 0.2, stable: 0 } }
    expect(opinionAfter(300, (at) => (at < 60 ? none : both)).opinion.verdict).toBe('bad')
  })
})
