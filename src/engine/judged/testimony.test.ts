import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { TrafficTerms } from '../../../test/support/judged-traffic.ts'
import { JudgedWorld } from '../../../test/support/judged-world.ts'
import type { Instance } from '../../core/instance.ts'
import type { Plan } from '../../core/plan.ts'
import type { Records } from '../../core/record.ts'
import { judging } from '../../judge/judging.ts'
import { seeded } from '../../lib/seeded.ts'
import { systemClock } from '../../lib/system-clock.ts'
import { openStore, type Store } from '../../store/store.ts'
import type { Compared } from './judged.ts'
import { replay } from '../replay.ts'

const PLAN: Plan & Compared = {
  service: 'shop',
  strategy: 'canary',
  from: 'v1',
  to: 'v2',
  steps: [],
  judge: {
    alpha: 0.001,
    errors: true,
    refusals: true,
    memory: false,
    early: false,
    inconclusive: 'go-on',
  },
}
const GOOD: TrafficTerms = { perSecond: 100, share: 0.1, candidate: {}, stable: {} }
const BAD: Partial<TrafficTerms> = { candidate: { error: 1 } }
/** Two or three bad answers at ten requests a second on the new release: too few for a verdict. */
const A_LITTLE = 2

const open: Store[] = []
afterEach(() => {
  for (const store of open.splice(0)) store.close()
})

async function world({
  seed = 1,
  terms = GOOD,
  plan = PLAN,
  records = (all: Records) => all,
} = {}) {
  const store = openStore(mkdtempSync(join(tmpdir(), 'midflight-testimony-')), systemClock)
  open.push(store)
  await store.rollouts.open(plan, 'deploy', { counts: {}, held: 0, refused: 0 })
  const judged = new JudgedWorld({
    plan,
    records: records(store.records),
    random: seeded(seed),
    terms,
  })
  return { judged, tools: { ...store, judge: judging } }
}

/** The new release fails a little, and the controller dies. */
async function halfWay(set: Parameters<typeof world>[0] = {}) {
  const { judged, tools } = await world(set)
  await judged.judges(100)
  judged.turns(BAD)
  expect((await judged.judges(A_LITTLE)).opinion.verdict).not.toBe('bad')
  return { judged, tools }
}

describe('a rollout whose controller died', () => {
  it('is condemned for what the judges of both controllers saw, and the record says the same again', async () => {
    const { judged, tools } = await halfWay()
    const { why, left } = await judged.judges(100)
    expect(why).toMatchObject({ code: 'release-worse' })
    expect(left).toBeGreaterThan(94)
    expect(await replay(tools, 1)).toMatchObject({ isSame: true, isWhole: true })
    expect((await replay(tools, 1)).looks).toBeGreaterThan(100)
    const begun = (await tools.records.read(1)).filter(({ kind }) => kind === 'judging')
    expect(begun).toHaveLength(3)
    expect(begun.at(-1)).toHaveProperty('shown')
  })

  it('is condemned for what came while there was none', async () => {
    const { judged } = await halfWay()
    judged.passes(20)
    expect((await judged.judges(1)).why).toMatchObject({ code: 'release-worse' })
  })

  it('is told once, in the record, that the errors are all of one user', async () => {
    const { judged, tools } = await world({ terms: { ...GOOD, users: 1 } })
    judged.turns(BAD)
    await judged.judges(100, 'ends')
    const opinions = (await tools.records.read(1)).flatMap((entry) =>
      entry.kind === 'judged' ? [entry.opinion] : [],
    )
    expect(opinions).toHaveLength(3)
    expect(opinions.map((opinion) => 'few' in opinion)).toEqual([false, true, true])
  })

  it('is judged on with another proxy, which forgot what it had counted', async () => {
    const { judged } = await halfWay()
    judged.restartsProxy()
    expect((await judged.judges(100)).why).toMatchObject({ code: 'release-worse' })
  })

  it('is judged on when the machine has started anew and its steady clock with it', async () => {
    const { judged, tools } = await halfWay()
    judged.restartsMachine()
    expect((await judged.judges(100)).why).toMatchObject({ code: 'release-worse' })
    const times = (await tools.records.read(1))
      .flatMap((entry) => (entry.kind === 'looks' ? entry.looks : []))
      .map(({ nowMs }) => nowMs)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(20_000)
  })

  it('is judged on with nothing where the record cannot be read, and the log says so', async () => {
    const records = (all: Records): Records => ({
      ...all,
      pages: () => {
        throw new Error('the disk is gone')
      },
    })
    const { judged } = await halfWay({ records })
    expect((await judged.judges(A_LITTLE)).opinion).toMatchObject({ verdict: 'undecided' })
    expect(judged.logged).toContain('what the judge saw before is lost')
  })

  it('counts nothing twice: the judge says what one says that was never interrupted', async () => {
    const terms = { ...GOOD, stable: { error: 0.02 }, candidate: { error: 0.02 } }
    const whole = await world({ terms })
    const { opinion } = await whole.judged.judges(600, 'ends')
    const { judged } = await world({ terms })
    for (const looks of [100, 7, 1, 0, 200]) await judged.judges(looks)
    const after = await judged.judges(292, 'ends')
    expect(after.opinion).toEqual(opinion)
  })

  it('stays promotable when both releases are equal, however often controllers die', async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const both = { error: 0.02, refusal: 0.05 }
      const terms = { perSecond: 200, share: 0.1, stable: both, candidate: both }
      const { judged } = await world({ seed, terms })
      for (const share of [0.1, 0.1, 0.5, 0.5]) {
        judged.turns({ share })
        expect((await judged.judges(40)).why).toBeUndefined()
        judged.passes(15)
      }
    }
  })
})

describe('a rollout whose crashes are compared', () => {
  /** Ten of the new release beside ninety; so many of the new ones have been started again. */
  const instances = (again: number): readonly Instance[] =>
    Array.from({ length: 100 }, (_, slot) => ({
      id: `shop.${slot < 10 ? 'v2' : 'v1'}.${slot}`,
      service: 'shop',
      release: slot < 10 ? 'v2' : 'v1',
      slot,
      address: { host: '127.0.0.1', port: 20_000 + slot },
      startedAtMs: 0,
      generation: slot < again ? 'two' : 'one',
      state: { kind: 'running', pid: 1 },
    }))

  it('is condemned for instances that ended before and after its controller died', async () => {
    const plan = { ...PLAN, judge: { ...PLAN.judge, crashes: 'compared' as const } }
    const { judged, tools } = await world({ plan })
    const threeEnd = async (before: number) => {
      judged.instances = instances(before)
      const happens = () => void (judged.instances = instances(before + 3))
      judged.afterLooks = { looks: 5, happens }
      return judged.judges(30)
    }
    expect((await threeEnd(0)).why).toBeUndefined()
    expect((await threeEnd(3)).why).toMatchObject({
      code: 'release-worse',
      message: expect.stringContaining('its 10 instances ended by themselves') as string,
      data: { grounds: { metric: 'crashes' } },
    })
    expect(await replay(tools, 1)).toMatchObject({ isSame: true })
  })
})
