import { describe, expect, it } from 'vitest'
import type { Account, Replay } from '../../src/core/account.ts'
import {
  everybodyGets,
  itIsPromoted,
  itRuns,
  nobodyNoticed,
  nothingIsLeft,
} from '../support/claims.ts'
import { expectThat, givenForAll, type Sentence, when } from '../support/given.ts'
import {
  beginsToDeploy,
  endsItsRollout,
  killsTheController,
  leavesTheTerminal,
  losesTheController,
  reaches,
  says,
  underLoad,
} from '../support/happenings.ts'

/** The second judge was shown what the first one saw, and both halves are judged again as one. */
const judgedAsOne: Sentence = async (shop) => {
  const [account] = (await shop.says('why', '--json')).lines as unknown as readonly Account[]
  const judges = account?.record.filter(({ kind }) => kind === 'judging') ?? []
  expect(judges).toMatchObject([{}, { shown: expect.any(Number) as number }])
  expect(judges[0]).not.toHaveProperty('shown')
  const [replayed] = (await shop.says('why', '--replay', '--json'))
    .lines as unknown as readonly Replay[]
  expect(replayed).toMatchObject({ isWhole: true, isSame: true })
  const { shown = 0 } = judges[1] as { shown?: number }
  expect(shown).toBeGreaterThan(0)
  expect(replayed?.looks).toBeGreaterThan(shown)
}

describe('the controller is killed in the middle of a rollout', () => {
  const shop = givenForAll({ version: 'v1' })
  const canary = '{ strategy: canary, steps: [50%], hold: 1s, bake: 0s }'

  it('while new instances start, and the next one goes on', async () => {
    const slow = { version: 'v2', behaviour: { 'slow-start': 1_500 }, rollout: canary }
    await when(shop(), underLoad, beginsToDeploy(slow), reaches('wait until'))
    await when(shop(), killsTheController, endsItsRollout)
    await expectThat(shop(), itIsPromoted, everybodyGets('v2'), itRuns('v2.0', 'v2.1'))
    await expectThat(shop(), nobodyNoticed)
  })

  it('while the gate watches a canary, and the next one goes on', async () => {
    await when(shop(), underLoad, beginsToDeploy({ version: 'v3', rollout: canary }))
    await when(shop(), reaches('gate'), killsTheController, endsItsRollout)
    await expectThat(shop(), itIsPromoted, everybodyGets('v3'), itRuns('v3.0', 'v3.1'))
    await expectThat(shop(), nobodyNoticed)
  })

  it('while the judge looks, and the judge of the next one goes on from what it saw', async () => {
    const rollout = '{ strategy: canary, steps: [50%], hold: 3s, bake: 0s }'
    await when(shop(), underLoad, beginsToDeploy({ version: 'v33', rollout }), reaches('gate'))
    await shop().traffic.more(200)
    await when(shop(), killsTheController, endsItsRollout)
    await expectThat(shop(), itIsPromoted, judgedAsOne, nobodyNoticed)
  })

  it('while the old instances are drained, and the next one goes on', async () => {
    await when(shop(), underLoad, beginsToDeploy({ version: 'v4', rollout: canary }))
    await when(shop(), reaches('drain'), killsTheController, endsItsRollout)
    await expectThat(shop(), itIsPromoted, everybodyGets('v4'), itRuns('v4.0', 'v4.1'))
    await expectThat(shop(), nobodyNoticed)
  })

  it('and when nobody starts the next one, traffic flows on, and `midflight down` ends it', async () => {
    const rollout = '{ strategy: canary, steps: [50%], hold: until-promoted, bake: 0s }'
    await when(shop(), underLoad, beginsToDeploy({ version: 'v5', rollout }), reaches('gate'))
    await when(shop(), losesTheController)
    await shop().traffic.more(200)
    expect(await shop().isRefused('status')).toMatchObject({ code: 'controller-missing' })
    await expectThat(shop(), nobodyNoticed)
    await when(shop(), leavesTheTerminal, says('down'))
    await expectThat(shop(), nothingIsLeft)
  })
})
