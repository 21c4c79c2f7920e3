import { describe, expect, it } from 'vitest'
import { fakeClock } from '../../../test/support/fake-clock.ts'
import { JudgedTraffic, type TrafficTerms } from '../../../test/support/judged-traffic.ts'
import type { Plan } from '../../core/plan.ts'
import type { Problem } from '../../core/problem.ts'
import type { RecordEntry } from '../../core/record.ts'
import type { Route } from '../../core/route.ts'
import { judging } from '../../judge/judging.ts'
import { seeded } from '../../lib/seeded.ts'
import { isCompared, Judged } from './judged.ts'

const PLAN: Plan = {
  service: 'shop',
  strategy: 'canary',
  from: 'v1',
  to: 'v2',
  steps: [],
  judge: {
    alpha: 0.001,
    errors: true,
    refusals: true,
    memory: true,
    early: false,
    latency: 0.95,
    inconclusive: 'go-on',
  },
}
const GOOD: TrafficTerms = { perSecond: 200, share: 0.1 }

/** A rollout whose router tells of this traffic, moment after moment; it ends with the last. */
async function judgedThrough(...times: readonly (TrafficTerms & { readonly looks: number })[]) {
  if (!isCompared(PLAN)) throw new Error('nothing is compared')
  const traffic = new JudgedTraffic(seeded(3))
  const moments = times.flatMap(({ looks, ...terms }) => Array.from({ length: looks }, () => terms))
  const over = new AbortController()
  const [entries, applied]: [RecordEntry[], Route[]] = [[], []]
  let why: Problem | undefined
  const route = { service: 'shop', weights: { v1: 9_000, v2: 1_000 } } as unknown as Route
  const router = {
    apply: async (next: Route) => void applied.push(next),
    remove: async () => undefined,
    read: async () => ({ route: applied.at(-1) ?? route }) as never,
    observe: async () => {
      const terms = moments.shift()
      if (!terms) over.abort()
      return terms && traffic.next(terms)
    },
  }
  const records = {
    add: async (_: number, entry: RecordEntry) => void entries.push(entry),
    read: async () => [],
    pages: async function* () {},
    prune: async () => undefined,
  }
  const judged = new Judged(7, PLAN, {
    router,
    records,
    rollouts: { list: async () => [] } as never,
    runtime: { list: async () => [], measure: async () => undefined } as never,
    clock: fakeClock(),
    judge: judging,
    exclusive: () => async (work) => work(),
    log: () => undefined,
  })
  await judged.watch({ condemn: (problem) => (why ??= problem) }, over.signal)
  return { why, entries, applied, left: moments.length, judged }
}

describe('a rollout that is judged', () => {
  it('is condemned with the numbers, and looked at no more', async () => {
    const bad = { ...GOOD, candidate: { error: 0.3 }, looks: 200 }
    const { why, left, entries } = await judgedThrough({ ...GOOD, looks: 100 }, bad)
    expect(why).toMatchObject({ code: 'release-worse', data: { grounds: { metric: 'errors' } } })
    expect(why?.message).toMatch(
      /^v2 is worse than v1: it answered \d+ of \d+ requests with an error, v1 0 of/,
    )
    expect(left).toBeGreaterThan(100)
    expect(entries.at(-1)).toMatchObject({ kind: 'judged', opinion: { verdict: 'bad' } })
  })

  it('is not condemned when nothing is wrong, and all that was seen is written down', async () => {
    const { why, entries } = await judgedThrough({ ...GOOD, looks: 300 })
    expect(why).toBeUndefined()
    expect(entries[0]).toMatchObject({ kind: 'judging', terms: { candidate: 'v2', stable: 'v1' } })
    const looks = entries.flatMap((entry) => (entry.kind === 'looks' ? entry.looks : []))
    expect(looks).toHaveLength(300)
    expect(looks[0]?.share).toBe(0.1)
    const verdicts = entries.flatMap((e) => (e.kind === 'judged' ? [e.opinion.verdict] : []))
    expect(verdicts).toEqual(['undecided', 'fine', 'fine'])
  })

  it('draws the line of what is late once it knows what is usual', async () => {
    const { applied } = await judgedThrough({ ...GOOD, looks: 100 })
    expect(applied).toHaveLength(1)
    expect(applied[0]?.slowMs).toBeGreaterThan(0)
  })

  it('keeps that line through every change of its route', async () => {
    const { judged, applied } = await judgedThrough({ ...GOOD, looks: 100 })
    await judged.router.apply({ service: 'shop', weights: { v2: 10_000 } } as unknown as Route)
    expect(applied.at(-1)).toMatchObject({ weights: { v2: 10_000 }, slowMs: applied[0]?.slowMs })
  })
})
