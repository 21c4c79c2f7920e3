import { expect, it } from 'vitest'
import { GrowthJudge } from './growth-judge.ts'

interface Lives {
  readonly old: number
  readonly next: number
  readonly left: number
}

/** Both releases for a minute, growing by so many megabytes a second. */
function after({ old, next, left }: Lives): GrowthJudge {
  const judge = new GrowthJudge('memory', 'v2')
  for (let at = 0; at < 60; at += 1) {
    const of = (release: string, slot: number, perSecond: number) => ({
      instance: `shop.${release}.${slot}`,
      release,
      used: { memory: (80 + perSecond * at) * 1e6 },
      left: { memory: left * 1e6 },
    })
    judge.weigh([of('v1', 0, old), of('v2', 0, next), of('v2', 1, next)], at * 1000)
  }
  return judge
}

it('says which instance grows, how fast, and when nothing is left', () => {
  const { grounds } = after({ old: 0, next: 5, left: 500 })
  expect(grounds).toMatchObject({ metric: 'memory', instance: 'shop.v2.0' })
  expect(grounds!.perSecond / 1e6).toBeCloseTo(5, 0)
  // Two of them grow.
  expect(grounds!.fullInMs).toBeCloseTo(50_000, -3)
})

it('says nothing of what would take hours, of what stays, and of what the old release does too', () => {
  expect(after({ old: 0, next: 0.01, left: 4_000 }).grounds).toBeUndefined()
  expect(after({ old: 0, next: 0, left: 10 }).grounds).toBeUndefined()
  expect(after({ old: 4, next: 5, left: 500 }).grounds).toBeUndefined()
})
