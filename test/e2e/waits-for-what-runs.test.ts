import { describe, expect, it } from 'vitest'
import { judge } from '../../src/prove/judge.ts'
import { startLoad } from '../../src/prove/load.ts'
import { readLedger } from '../../src/prove/read-ledger.ts'
import { everybodyGets, itIsPromoted, itRuns, nobodyNoticed } from '../support/claims.ts'
import { expectThat, givenForAll, when } from '../support/given.ts'
import {
  beginsToDeploy,
  deploys,
  endsItsRollout,
  reaches,
  underLoad,
} from '../support/happenings.ts'
import { type Progress, progressOf } from '../support/progress-of.ts'
import { slowMix } from '../support/slow-mix.ts'
import { until } from '../support/until.ts'

const BLUE_GREEN = '{ strategy: blue-green, warm: 0s, bake: 0s }'
const SLOW_MS = 20_000

describe('a rollout waits for what runs', () => {
  // The long wait goes on while the sentences about the other service are told, and may be over before they are.
  const slow = givenForAll({ version: 'v1' })
  const shop = givenForAll({ version: 'v1' })
  let progress: Promise<readonly Progress[]> = Promise.resolve([])

  it('and begins with instances that need long to start', async () => {
    const behaviour = { 'slow-start': SLOW_MS }
    const version = { version: 'v2', behaviour, startup: '60s', rollout: BLUE_GREEN }
    await when(slow(), underLoad, beginsToDeploy(version), reaches('wait until'))
    progress = progressOf(slow())
    progress.catch(() => undefined)
  })

  it('lets uploads, downloads and WebSockets end where they began', async () => {
    const { listen, ledger } = shop().workspace
    const load = startLoad(listen, { mix: slowMix(3_500), forMs: 500, appMarks: 'always' })
    await until(runningOn('v1'), (running) => running >= 11)
    await when(shop(), deploys({ version: 'v2', rollout: BLUE_GREEN }))
    await expectThat(shop(), itIsPromoted, everybodyGets('v2'), itRuns('v2.0', 'v2.1'))
    const proof = judge(await load.done, await readLedger(ledger))
    expect(proof).toMatchObject({ failures: [], lost: [], duplicated: [], websockets: { cut: 0 } })
    expect(proof.versions).toEqual({ v1: proof.requests })
  })

  it('ends instances that ignore SIGTERM when their time is over, after their work', async () => {
    const file = { stop: { drain: '15s', kill: '1s' } }
    const behaviour = { 'ignore-sigterm': true }
    await when(shop(), deploys({ version: 'v3', behaviour, file, rollout: BLUE_GREEN }))
    await when(shop(), underLoad, beginsToDeploy({ version: 'v4', rollout: BLUE_GREEN }))
    await when(shop(), reaches('stop'))
    const since = performance.now()
    await when(shop(), endsItsRollout)
    expect(performance.now() - since).toBeGreaterThan(1_000)
    await expectThat(shop(), itIsPromoted, everybodyGets('v4'), itRuns('v4.0', 'v4.1'))
    await expectThat(shop(), nobodyNoticed)
  })

  it('tells how long it has waited, and the old instances serve meanwhile', async () => {
    const notReady = (await progress).filter(({ note }) => note.startsWith('0/2 ready after '))
    expect(notReady.at(-1)?.note).toMatch(/ after (?:1[5-9]|[2-9]\d)\.\ds$/)
    // What is told last may be heard late, when the machine is busy.
    const before = notReady.filter(({ note }) => / after 1[0-4]\.\ds$/.test(note))
    expect(before.length).toBeGreaterThan(0)
    for (const { versions } of before) expect(versions).toEqual(['v1'])
    await when(slow(), endsItsRollout)
    await expectThat(slow(), itIsPromoted, everybodyGets('v2'), itRuns('v2.0', 'v2.1'))
    await expectThat(slow(), nobodyNoticed)
  })

  const runningOn = (release: string) => async () => {
    const { instances } = await shop().status()
    const of = instances.filter((each) => each.release === release)
    return of.reduce((sum, { requests, upgrades }) => sum + requests + upgrades, 0)
  }
})
