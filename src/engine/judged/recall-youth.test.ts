import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { JudgeSpec, Look, Weighing } from '../../core/judge.ts'
import type { Plan } from '../../core/plan.ts'
import type { Outcome } from '../../core/rollout.ts'
import { aServiceIn } from '../../../test/support/a-release.ts'
import { judging } from '../../judge/judging.ts'
import { systemClock } from '../../lib/system-clock.ts'
import { openStore, type Store } from '../../store/store.ts'
import { Judged } from './judged.ts'
import { recallYouth } from './recall-youth.ts'
import type { Tools } from '../tools.ts'

const SPEC: JudgeSpec = {
  alpha: 0.001,
  errors: true,
  refusals: true,
  memory: true,
  early: false,
  inconclusive: 'go-on',
}

const open: Store[] = []
const logged: string[] = []
afterEach(() => {
  for (const store of open.splice(0)) store.close()
  logged.length = 0
})

function aStore() {
  const store = openStore(mkdtempSync(join(tmpdir(), 'midflight-youth-')), systemClock)
  open.push(store)
  return { ...store, log: (message: string) => void logged.push(message) }
}

const weighed = (ageMs: number, memory: number, instance = 'shop.v2.0'): Weighing => ({
  instance,
  release: 'v2',
  ageMs,
  used: { memory, lag: 2 },
  left: { memory: 1e9 },
})

function look(...weighings: readonly Weighing[]): Look {
  const old: Weighing = { ...weighed(9e6, 5), instance: 'shop.v1.0', release: 'v1' }
  const observation = { cursor: 1, releases: {}, incidents: [] }
  return { observation, share: 0.1, nowMs: 1, weighings: [old, ...weighings] }
}

/** A rollout from v1 to v2 in which the judge was shown this. */
async function rolledOut(store: Store, outcome: Outcome, looks: readonly Look[]): Promise<void> {
  const plan: Plan = { service: 'shop', strategy: 'canary', from: 'v1', to: 'v2', steps: [] }
  const { id } = await store.rollouts.open(plan, 'deploy', { counts: {}, held: 0, refused: 0 })
  for (let at = 0; at < looks.length; at += 10)
    await store.records.add(id, { kind: 'looks', looks: looks.slice(at, at + 10) })
  await store.rollouts.close(id, { outcome }, { spec: aServiceIn('/app'), live: 'v2' })
}

const seconds = (count: number, make: (second: number) => Look) =>
  Array.from({ length: count }, (_, at) => make(at))

it('tells what the instance that was seen for longest used at each age, and of no other release', async () => {
  const store = aStore()
  const both = (at: number) =>
    at < 5 ? look(weighed(at * 1000, at), weighed(at * 1000, 7, 'shop.v2.1')) : lone(at)
  const lone = (at: number) => look(weighed(at * 1000, at))
  await rolledOut(store, 'promoted', seconds(10, both))
  const youth = await recallYouth(store, 'shop', 'v2')
  expect(youth?.memory).toEqual(seconds(10, lone).map((_, at) => ({ ageMs: at * 1000, value: at })))
  expect(youth?.lag).toHaveLength(10)
})

it('keeps few samples of a long life', async () => {
  const store = aStore()
  await rolledOut(
    store,
    'promoted',
    seconds(300, (at) => look(weighed(at * 1000, at))),
  )
  const memory = (await recallYouth(store, 'shop', 'v2'))?.memory ?? []
  expect(memory.length).toBeLessThanOrEqual(120)
  expect(memory.length).toBeGreaterThanOrEqual(60)
  expect(memory.at(-1)?.ageMs).toBeGreaterThan(290_000)
})

it('does not take another process in its place for the first', async () => {
  const store = aStore()
  const ages = [0, 1, 2, 0, 1, 3]
  await rolledOut(
    store,
    'promoted',
    ages.map((age) => look(weighed(age * 1000, age))),
  )
  const youth = await recallYouth(store, 'shop', 'v2')
  expect(youth?.memory?.map(({ ageMs }) => ageMs)).toEqual([0, 1000, 2000, 3000])
})

it('knows nothing of a release that was undone, was old already, or was never weighed', async () => {
  const store = aStore()
  expect(await recallYouth(store, 'shop', 'v2')).toBeUndefined()
  await rolledOut(store, 'undone', [look(weighed(0, 1))])
  await rolledOut(store, 'promoted', [look(weighed(8e6, 1)), look()])
  expect(await recallYouth(store, 'shop', 'v2')).toBeUndefined()
})

it('goes back to when its processes were new', async () => {
  const store = aStore()
  await rolledOut(store, 'promoted', [look(weighed(0, 1)), look(weighed(1000, 1))])
  await rolledOut(store, 'promoted', [look(weighed(8e6, 1))])
  expect((await recallYouth(store, 'shop', 'v2'))?.memory).toHaveLength(2)
})

it('is what a rollout away from that release is judged by, and the record says so', async () => {
  const store = aStore()
  await rolledOut(store, 'promoted', [look(weighed(0, 1)), look(weighed(1000, 2))])
  const plan = { service: 'shop', strategy: 'canary', from: 'v2', to: 'v3', steps: [] } as const
  const { id } = await store.rollouts.open(plan, 'deploy', { counts: {}, held: 0, refused: 0 })
  const tools = { ...store, judge: judging } as unknown as Tools
  const judged = new Judged(id, { ...plan, judge: SPEC }, tools)
  await judged.watch({ condemn: () => undefined }, AbortSignal.abort())
  const [begun] = await store.records.read(id)
  expect(begun).toMatchObject({
    kind: 'judging',
    terms: { stable: 'v2', youth: { memory: [{ ageMs: 0 }, { ageMs: 1000, value: 2 }] } },
  })
})

it('says in the log that a record cannot be read, and no more', async () => {
  const store = aStore()
  await rolledOut(store, 'promoted', [look(weighed(0, 1))])
  const pages = () => {
    throw new Error('torn')
  }
  const records = { ...store.records, pages }
  expect(await recallYouth({ ...store, records }, 'shop', 'v2')).toBeUndefined()
  expect(logged).toEqual(['how the old release was at this age is not known'])
})
