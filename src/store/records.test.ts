import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Look } from '../core/judge.ts'
import type { ServiceRecord } from '../core/store.ts'
import { systemClock } from '../lib/system-clock.ts'
import { takeLease } from './lease.ts'
import { openDatabase } from './open.ts'
import { records } from './records.ts'
import { statements } from './statement.ts'
import { openStore, type Store } from './store.ts'

const open = (directory = mkdtempSync(join(tmpdir(), 'midflight-records-'))) =>
  openStore(directory, systemClock)
const record = { spec: { name: 'shop' }, live: 'v1' } as unknown as ServiceRecord
const baseline = { counts: {}, held: 0, refused: 0 }

async function aRollout(store: Store): Promise<number> {
  const { id } = await store.rollouts.open(
    { service: 'shop', strategy: 'rolling', to: 'v1', steps: [] },
    'deploy',
    baseline,
  )
  await store.rollouts.close(id, { outcome: 'promoted' }, record)
  return id
}

const look = (path = '/'): Look => ({
  nowMs: 5,
  share: 0.1,
  observation: {
    cursor: 2,
    releases: {
      v2: {
        perSecond: 1,
        errorsPerSecond: 0,
        cells: [{ methods: 'reads', status: 2, firstByte: [8, 2, 9, 3], whole: [8, 1, 40, 4] }],
      },
    },
    incidents: [
      {
        atMs: 4,
        release: 'v2',
        instance: 'shop.v2.0',
        user: 'u',
        what: 'error',
        status: 500,
        path,
      },
    ],
  },
})

describe('the record of a rollout', () => {
  it('gives back in order what was added, after the store was closed', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'midflight-records-'))
    const first = open(directory)
    const id = await aRollout(first)
    await first.records.add(id, { kind: 'asked', verb: 'promote', by: 'anna' })
    await first.records.add(id, {
      kind: 'judged',
      opinion: { verdict: 'fine', candidate: { answers: 90, incidents: 0 } },
    })
    first.close()

    const second = open(directory)
    expect(await second.records.read(id)).toMatchObject([
      { seq: 1, kind: 'asked', verb: 'promote', by: 'anna' },
      { seq: 2, kind: 'judged', opinion: { verdict: 'fine', candidate: { answers: 90 } } },
    ])
    expect(await second.records.read(99)).toEqual([])
    second.close()
  })

  it('keeps of a look how many answers there were, and of each incident everything', async () => {
    const store = open()
    const id = await aRollout(store)
    await store.records.add(id, { kind: 'looks', looks: [look()] })
    const [entry] = await store.records.read(id)
    const kept = entry?.kind === 'looks' ? entry.looks[0] : undefined
    expect(kept?.observation?.incidents).toEqual(look().observation?.incidents)
    expect(kept?.observation?.releases['v2']?.cells).toEqual([
      { methods: 'reads', status: 2, firstByte: [0, 5], whole: [0, 5] },
    ])
    store.close()
  })

  it('says once that looks are no longer kept, and still keeps decisions', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'midflight-records-'))
    const store = open(directory)
    const id = await aRollout(store)
    const database = openDatabase(directory)
    const bounds = { bytes: 8_000, bytesWithLooks: 6_000, rolloutsWithLooks: 1 }
    const all = statements(database, 'state.db')
    const bounded = records(all, takeLease(all), systemClock, bounds)
    // What is random cannot be made smaller.
    const large = () => randomBytes(2_000).toString('base64')
    for (let count = 0; count < 9; count += 1)
      await bounded.add(id, { kind: 'looks', looks: [look(large())] })
    await bounded.add(id, { kind: 'asked', verb: 'promote' })
    const kinds = (await bounded.read(id)).map(({ kind }) => kind)
    expect(kinds).toEqual(['looks', 'looks', 'full', 'asked'])
    await bounded.add(id, { kind: 'asked', verb: 'abort', reason: large() })
    await bounded.add(id, { kind: 'asked', verb: 'abort' })
    expect((await bounded.read(id)).slice(4)).toMatchObject([{ kind: 'full', what: 'everything' }])
    database.close()
    store.close()
  })

  it('forgets the looks of old rollouts, not their decisions', async () => {
    const store = open()
    const first = await aRollout(store)
    await store.records.add(first, { kind: 'looks', looks: [look()] })
    await store.records.add(first, { kind: 'asked', verb: 'promote' })
    for (let count = 0; count < 9; count += 1) await aRollout(store)
    await store.records.prune('shop')
    expect(await store.records.read(first)).toHaveLength(2)
    await aRollout(store)
    await store.records.prune('shop')
    expect((await store.records.read(first)).map(({ kind }) => kind)).toEqual(['asked'])
    store.close()
  })
})
