import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { everybodyGets, itIsPromoted, itRuns, nobodyNoticed } from '../support/claims.ts'
import { expectThat, givenForAll, when } from '../support/given.ts'
import {
  beginsToDeploy,
  deploys,
  endsItsRollout,
  hears,
  reaches,
  rollsBack,
  says,
  underLoad,
} from '../support/happenings.ts'
import { lastAnswerOf } from '../support/last-answer-of.ts'

describe('a rollback', () => {
  const shop = givenForAll({ version: 'v1' })

  it('to a set that is still warm takes less than a second', async () => {
    const rollout = '{ strategy: blue-green, warm: 5m, bake: 0s }'
    await when(shop(), underLoad, deploys({ version: 'v2', rollout }))
    const last = lastAnswerOf('v2', shop().url)
    await when(shop(), rollsBack)
    const { rollout: back } = await shop().rollout.ending()
    expect((await last) - back.startedAtMs).toBeLessThan(1_000)
    await expectThat(shop(), itIsPromoted, everybodyGets('v1'), itRuns('v1.0', 'v1.1'))
    await expectThat(shop(), nobodyNoticed)
  })

  it('is not needed where a person decides: a rollout can be paused, resumed and promoted', async () => {
    const steps = '[{ share: 20%, hold: 2s }, { share: 60%, hold: until-promoted }]'
    const rollout = `{ strategy: canary, steps: ${steps}, bake: 0s }`
    await when(shop(), underLoad, beginsToDeploy({ version: 'v3', rollout }), reaches('gate'))
    await when(shop(), says('pause', '--reason', 'lunch'), hears('paused'))
    expect(await shop().status()).toMatchObject({
      weights: { v1: 8_000, v3: 2_000 },
      rollout: { state: { phase: 'paused', reason: 'lunch' } },
    })
    await when(shop(), says('resume'), hears('resumed'), reaches('until promoted'))
    expect((await shop().status()).weights).toEqual({ v1: 4_000, v3: 6_000 })
    await when(shop(), says('promote'), endsItsRollout)
    await expectThat(shop(), itIsPromoted, everybodyGets('v3'), itRuns('v3.0', 'v3.1'))
    await expectThat(shop(), nobodyNoticed)
  })

  it('brings back the copy of a release whose files are gone', async () => {
    await when(shop(), underLoad, deploys({ version: 'v4' }))
    await expectThat(shop(), everybodyGets('v4'), itRuns('v4.0', 'v4.1'))
    // The state lies in the folder too; everything of the app's own is removed.
    const files = (await readdir(shop().folder)).filter((name) => name !== '.midflight')
    await Promise.all(files.map((name) => rm(join(shop().folder, name), { recursive: true })))
    await when(shop(), rollsBack)
    await expectThat(shop(), itIsPromoted, everybodyGets('v3'), itRuns('v3.0', 'v3.1'))
    await expectThat(shop(), nobodyNoticed)
  })
})
