import { describe, expect, it } from 'vitest'
import type { AtAge, Resource, Weighing } from '../core/judge.ts'
import { seeded } from '../lib/seeded.ts'
import { GrowthJudge } from './growth-judge.ts'

interface Lives {
  readonly old: number
  readonly next: number
  readonly left: number
}

const MEGABYTE = 1e6

/** Both releases for a minute, growing by so many megabytes a second. */
function after({ old, next, left }: Lives): GrowthJudge {
  const judge = new GrowthJudge('memory', { candidate: 'v2' })
  for (let at = 0; at < 60; at += 1) {
    const of = (release: string, slot: number, perSecond: number) => ({
      instance: `shop.${release}.${slot}`,
      release,
      used: { memory: (80 + perSecond * at) * MEGABYTE },
      left: { memory: left * MEGABYTE },
    })
    judge.weigh([of('v1', 0, old), of('v2', 0, next), of('v2', 1, next)], at * 1000, { share: 0.1 })
  }
  return judge
}

it('says which instance grows, how fast, and when nothing is left', () => {
  const { grounds } = after({ old: 0, next: 5, left: 500 })
  expect(grounds).toMatchObject({ metric: 'memory', instance: 'shop.v2.0' })
  expect(grounds!.perSecond / MEGABYTE).toBeCloseTo(5, 0)
  expect(grounds!.stable).toEqual({ perSecond: 0, when: 'now' })
  // Two of them grow.
  expect(grounds!.fullInMs).toBeCloseTo(50_000, -3)
})

it('says nothing of what would take hours, of what stays, and of what the old release does too', () => {
  expect(after({ old: 0, next: 0.01, left: 4_000 }).grounds).toBeUndefined()
  expect(after({ old: 0, next: 0, left: 10 }).grounds).toBeUndefined()
  expect(after({ old: 4, next: 5, left: 500 }).grounds).toBeUndefined()
})

/** Megabytes at each second of a life. */
type Life = (second: number) => number
const CACHE_OF_TWO_MINUTES: Life = (second) => 80 + 2 * Math.min(second, 120)
const NOISE = seeded(7)

describe('an instance beside one of the old release at the same age', () => {
  const youth: readonly AtAge[] = Array.from({ length: 100 }, (_, at) => ({
    ageMs: at * 3_000,
    value: CACHE_OF_TWO_MINUTES(at * 3) * MEGABYTE,
  }))

  /** The new release from its first second on; the old one has had this many megabytes for long. */
  function judgedFor(
    seconds: number,
    life: Life,
    known?: readonly AtAge[],
    old = 320,
  ): GrowthJudge {
    const terms = { candidate: 'v2', ...(known && { youth: { memory: known } }) }
    const judge = new GrowthJudge('memory', terms)
    const weighing = (release: string, ageMs: number, megabytes: number): Weighing => ({
      instance: `shop.${release}.0`,
      release,
      ageMs,
      used: { memory: (megabytes + NOISE()) * MEGABYTE },
      left: { memory: 1_000 * MEGABYTE },
    })
    for (let at = 0; at < seconds; at += 1) {
      const both = [weighing('v1', 9e6, old), weighing('v2', at * 1000, life(at))]
      judge.weigh(both, 5_000_000 + at * 1000, { share: 0.1 })
    }
    return judge
  }

  it('may fill its cache as that one did', () => {
    expect(judgedFor(300, CACHE_OF_TWO_MINUTES, youth).grounds).toBeUndefined()
    expect(judgedFor(300, CACHE_OF_TWO_MINUTES, youth, 80).grounds).toBeUndefined()
    // Without knowing that, it looks like a leak.
    expect(judgedFor(300, CACHE_OF_TWO_MINUTES, [], 80).grounds?.stable?.when).toBe('now')
  })

  it('may not grow three times as fast', () => {
    const { grounds } = judgedFor(120, (second) => 80 + 7 * second, youth)
    expect(grounds).toMatchObject({ instance: 'shop.v2.0', stable: { when: 'same-age' } })
    expect(grounds!.stable!.perSecond / MEGABYTE).toBeCloseTo(2, 0)
  })

  it('is held against what that one does now where nothing is kept of that age', () => {
    const brief = youth.filter(({ ageMs }) => ageMs < 20_000)
    const { grounds } = judgedFor(120, (second) => 80 + 7 * second, brief)
    expect(grounds?.stable).toEqual({ perSecond: 0, when: 'now' })
  })

  it('may come to what that one has, and a little more, but not go on', () => {
    const leaks: Life = (second) => 80 + 4 * second
    expect(judgedFor(300, CACHE_OF_TWO_MINUTES).grounds).toBeUndefined()
    expect(judgedFor(110, leaks, [], 380).grounds).toBeUndefined()
    expect(judgedFor(140, leaks, [], 380).grounds?.now).toBeGreaterThan(570 * MEGABYTE)
  })

  it('may go up and down as that one does, whatever its phase', () => {
    const saw = (second: number): number => 80 + 2 * (second % 60)
    const known = youth.map(({ ageMs }) => ({ ageMs, value: saw(ageMs / 1000 + 20) * MEGABYTE }))
    for (const each of [known, []]) expect(judgedFor(150, saw, each, 190).grounds).toBeUndefined()
  })

  it('is told of two minutes before nothing is left, however much that one has', () => {
    const { grounds } = judgedFor(90, (second) => 80 + 9 * second, [], 2_000)
    expect(grounds?.fullInMs).toBeLessThan(120_000)
  })
})

/** Around 300, never far from where it was a second before. */
function drifting(random: () => number): () => number {
  let drift = 0
  return () => {
    drift = 0.95 * drift + random() - 0.5
    return 300 * Math.exp(0.4 * drift)
  }
}

describe('the lag of an instance', () => {
  interface Times {
    readonly seconds: number
    /** In milliseconds. */
    readonly lag: (second: number) => number
    readonly oldLag?: (second: number) => number
    readonly carried?: (second: number) => { readonly share: number; readonly perSecond: number }
    readonly timeoutMs?: number
    /** Seconds from one check to the next. */
    readonly every?: number
  }

  function judged(times: Times): GrowthJudge {
    const { seconds, lag, oldLag = () => 1, timeoutMs = 2_000, every = 1 } = times
    const carried = times.carried ?? (() => ({ share: 0.1, perSecond: 20 }))
    const judge = new GrowthJudge('lag', { candidate: 'v2' })
    const at = (resource: Resource, value: number) => ({ [resource]: value })
    let both: readonly Weighing[] = []
    for (let second = 0; second < seconds; second += 1) {
      const weighing = (release: string, ms: number): Weighing => ({
        instance: `shop.${release}.0`,
        release,
        used: at('lag', Math.min(ms, timeoutMs)),
        left: at('lag', Math.max(0, timeoutMs - ms)),
      })
      if (second % every === 0) both = [weighing('v1', oldLag(second)), weighing('v2', lag(second))]
      judge.weigh(both, second * 1000, carried(second))
    }
    return judge
  }

  it('condemns it on the way to where its checks fail', () => {
    const { grounds } = judged({ seconds: 90, lag: (at) => 5 + 6 * at + 4 * NOISE() })
    expect(grounds).toMatchObject({ metric: 'lag', instance: 'shop.v2.0' })
    expect(grounds!.perSecond).toBeCloseTo(6, 0)
    expect(grounds!.now).toBeGreaterThanOrEqual(200)
    expect(grounds!.fullInMs).toBeLessThan(310_000)
  })

  it('condemns it also when the checks are rare', () => {
    const rare = { lag: (at: number) => 5 + 6 * at + 4 * NOISE(), every: 5 }
    expect(judged({ ...rare, seconds: 90 }).grounds).toBeUndefined()
    expect(judged({ ...rare, seconds: 150 }).grounds).toMatchObject({ metric: 'lag' })
  })

  it('is no fault while it is small', () => {
    const grows = judged({ seconds: 200, lag: (at) => 1 + at / 20 + NOISE() })
    expect(grows.grounds).toBeUndefined()
    const bySteps = judged({
      seconds: 200,
      lag: (at) => (at < 60 ? 1 : 5) + NOISE(),
      carried: (at) => ({ share: at < 60 ? 0.1 : 1, perSecond: at < 60 ? 10 : 100 }),
    })
    expect(bySteps.grounds).toBeUndefined()
  })

  it('is no fault when it comes with a larger share, or with more users', () => {
    const levels = [40, 120, 300, 420]
    const level = (at: number) => levels[Math.floor(at / 40)] ?? 420
    const lag = (at: number) => level(at) + 20 * NOISE()
    const byShare = judged({
      seconds: 160,
      lag,
      carried: (at) => ({ share: level(at) / 420, perSecond: 20 }),
    })
    expect(byShare.grounds).toBeUndefined()
    const byUsers = judged({
      seconds: 160,
      lag,
      carried: (at) => ({ share: 1, perSecond: level(at) }),
    })
    expect(byUsers.grounds).toBeUndefined()
    // The same without a reason is one.
    expect(judged({ seconds: 160, lag }).grounds).toMatchObject({ metric: 'lag' })
  })

  it('is no fault when the old release has it too', () => {
    const both = (at: number) => 5 + 6 * at + 4 * NOISE()
    expect(judged({ seconds: 90, lag: both, oldLag: both }).grounds).toBeUndefined()
  })

  it('is no fault when it comes and goes with what the machine has to do, also while the old one idles', () => {
    for (const seed of Array.from({ length: 10 }, (_, at) => at)) {
      const [mine, other] = [drifting(seeded(seed)), drifting(seeded(seed + 100))]
      const share = (at: number) => (at < 200 ? 0.1 : 1)
      const { grounds } = judged({
        seconds: 500,
        lag: mine,
        oldLag: (at) => other() / (share(at) < 1 ? 1 : 20),
        carried: (at) => ({ share: share(at), perSecond: 100 * share(at) }),
      })
      expect(grounds).toBeUndefined()
    }
  })

  it('is no fault while it goes up and down', () => {
    for (const seed of Array.from({ length: 20 }, (_, at) => at)) {
      const noise = seeded(seed)
      expect(judged({ seconds: 120, lag: () => 400 * noise() ** 4 }).grounds).toBeUndefined()
    }
  })
})
