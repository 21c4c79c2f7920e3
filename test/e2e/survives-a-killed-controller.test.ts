import { describe, expect, it } from 'vitest'
import { everybodyGets, itIsPromoted, itRuns, nobodyNoticed } from '../support/claims.ts'
import { expectThat, given, givenForAll, when } from '../support/given.ts'
import {
  beginsToDeploy,
  endsItsRollout,
  killsTheController,
  losesTheController,
  reaches,
  underLoad,
} from '../support/happenings.ts'

describe('the controller is killed in the middle of a rollout, and the next one goes on', () => {
  const shop = givenForAll({ version: 'v1' })
  const canary = '{ strategy: canary, steps: [50%], hold: 1s, bake: 0s }'

  it('while new instances start', async () => {
    const slow = { version: 'v2', behaviour: { 'slow-start': 1_500 }, rollout: canary }
    await when(shop(), underLoad, beginsToDeploy(slow), reaches('wait until'))
    await when(shop(), killsTheController, endsItsRollout)
    await expectThat(shop(), itIsPromoted, everybodyGets('v2'), itRuns('v2.0', 'v2.1'))
    await expectThat(shop(), nobodyNoticed)
  })

  it('while the gate watches a canary', async () => {
    await when(shop(), underLoad, beginsToDeploy({ version: 'v3', rollout: canary }))
    await when(shop(), reaches('gate'), killsTheController, endsItsRollout)
    await expectThat(shop(), itIsPromoted, everybodyGets('v3'), itRuns('v3.0', 'v3.1'))
    await expectThat(shop(), nobodyNoticed)
  })

  it('while the old instances are drained', async () => {
    await when(shop(), underLoad, beginsToDeploy({ version: 'v4', rollout: canary }))
    await when(shop(), reaches('drain'), killsTheController, endsItsRollout)
    await expectThat(shop(), itIsPromoted, everybodyGets('v4'), itRuns('v4.0', 'v4.1'))
    await expectThat(shop(), nobodyNoticed)
  })
})

describe('the controller is killed and nobody starts it again', () => {
  it('traffic flows on, and `midflight down` ends everything all the same', async () => {
    const shop = await given({ version: 'v1' }, underLoad)
    const rollout = '{ strategy: canary, steps: [50%], hold: until-promoted, bake: 1s }'
    await when(shop, beginsToDeploy({ version: 'v2', rollout }), reaches('gate'))
    await when(shop, losesTheController)
    await shop.traffic.more(200)
    expect(await shop.isRefused('status')).toMatchObject({ code: 'controller-missing' })
    await expectThat(shop, nobodyNoticed)
  })
})
