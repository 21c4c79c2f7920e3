import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { JudgeSpec, Look, Opinion } from '../core/judge.ts'
import type { Plan } from '../core/plan.ts'
import { judging } from '../judge/judging.ts'
import { systemClock } from '../lib/system-clock.ts'
import { steps } from '../steps/all.ts'
import { openStore, type Store } from '../store/store.ts'
import { replay } from './replay.ts'
import { why } from './why.ts'

const spec: JudgeSpec = {
  alpha: 0.001,
  errors: true,
  refusals: true,
  memory: true,
  early: false,
  inconclusive: 'go-on',
}
const terms = { spec, candidate: 'v2', stable: 'v1' }
const plan: Plan = {
  service: 'shop',
  strategy: 'canary',
  from: 'v1',
  to: 'v2',
  judge: spec,
  steps: [
    {
      kind: 'ask-gate',
      release: 'v2',
      slots: [0],
      hold: 1_000,
      gate: { errors: 0.05, minRequests: 1 },
    },
  ],
}

const open: Store[] = []
afterEach(() => {
  for (const store of open.splice(0)) store.close()
})

async function aRollout() {
  const store = openStore(mkdtempSync(join(tmpdir(), 'midflight-why-')), systemClock)
  open.push(store)
  const tools = { ...store, steps, judge: judging }
  const { id } = await store.rollouts.open(plan, 'deploy', { counts: {}, held: 0, refused: 0 })
  return { tools, id, records: store.records, journal: store.journal }
}

const sight = (good: number, bad: number) => ({
  perSecond: 1,
  errorsPerSecond: 0,
  cells: [
    { methods: 'reads' as const, status: 2 as const, firstByte: [8, good], whole: [8, good] },
    { methods: 'reads' as const, status: 5 as const, firstByte: [8, bad], whole: [9, bad] },
  ],
})

/** A tenth of the traffic goes to v2; from `badFrom` on half of its answers are errors. */
function looks(count: number, badFrom: number): Look[] {
  let errors = 0
  return Array.from({ length: count }, (_, at) => {
    const nowMs = 1_000_000 + at * 100
    const isBad = at >= badFrom && at % 2 === 0
    if (isBad) errors += 1
    const incident = {
      atMs: nowMs,
      release: 'v2',
      instance: 'shop.v2.0',
      user: `user ${at}`,
      what: 'error' as const,
      status: 500,
      path: 'GET /',
    }
    return {
      nowMs,
      share: 0.1,
      observation: {
        cursor: at + 1,
        releases: { v1: sight(9 * at, 0), v2: sight(at - errors, errors) },
        incidents: isBad ? [incident] : [],
      },
    }
  })
}

function opinionOn(seen: readonly Look[]): Opinion {
  const judge = judging(terms)
  for (const look of seen) judge.see(look)
  return judge.opinion
}

it('comes to the same opinion as during the rollout, number for number', async () => {
  const { tools, id, records } = await aRollout()
  const seen = looks(120, 60)
  const before = opinionOn(seen)
  expect(before.verdict).toBe('bad')
  await records.add(id, { kind: 'judging', terms })
  for (let at = 0; at < seen.length; at += 10)
    await records.add(id, { kind: 'looks', looks: seen.slice(at, at + 10) })
  await records.add(id, { kind: 'judged', opinion: before })
  expect(await replay(tools, id)).toEqual({
    looks: 120,
    isWhole: true,
    before,
    now: before,
    isSame: true,
  })
})

it('says so when it comes to another one', async () => {
  const { tools, id, records } = await aRollout()
  await records.add(id, { kind: 'judging', terms })
  await records.add(id, { kind: 'looks', looks: looks(50, 100) })
  await records.add(id, { kind: 'judged', opinion: opinionOn(looks(120, 60)) })
  expect(await replay(tools, id)).toMatchObject({
    isSame: false,
    before: { verdict: 'bad' },
    now: { verdict: 'undecided' },
  })
})

it('begins where the last controller’s judge began', async () => {
  const { tools, id, records } = await aRollout()
  await records.add(id, { kind: 'judging', terms })
  await records.add(id, { kind: 'looks', looks: looks(120, 0) })
  await records.add(id, { kind: 'judging', terms })
  await records.add(id, { kind: 'looks', looks: looks(30, 100) })
  const replayed = await replay(tools, id)
  expect(replayed).toMatchObject({ looks: 30, isSame: false, now: { verdict: 'undecided' } })
  expect(replayed.before).toBeUndefined()
})

it('rejects where nothing was shown to a judge', async () => {
  const { tools, id } = await aRollout()
  await expect(replay(tools, id)).rejects.toMatchObject({ code: 'rollout-unjudged' })
  await expect(replay(tools, 99)).rejects.toMatchObject({ code: 'rollout-unknown' })
})

it('gives the account of a rollout without what only the judge reads', async () => {
  const { tools, id, records, journal } = await aRollout()
  await journal.append(id, { mark: 'begun', step: 0 })
  await records.add(id, { kind: 'looks', looks: looks(10, 0) })
  await records.add(id, { kind: 'asked', verb: 'pause', reason: 'lunch', by: 'anna' })
  const account = await why(tools, id)
  expect(account.steps).toEqual([steps['ask-gate'].describe(plan.steps[0] as never)])
  expect(account.journal).toMatchObject([{ mark: 'begun', step: 0 }])
  expect(account.record).toMatchObject([{ kind: 'asked', verb: 'pause', by: 'anna' }])
})
