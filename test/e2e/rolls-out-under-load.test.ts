import { describe, it } from 'vitest'
import {
  everybodyGets,
  itIsPromoted,
  itRuns,
  nobodyNoticed,
  usersHadToWait,
} from '../support/claims.ts'
import { expectThat, given, givenForAll, when } from '../support/given.ts'
import { deploys, underLoad } from '../support/happenings.ts'

describe('under load, with an app that dies in the middle of its work on SIGTERM', () => {
  const shop = givenForAll({ version: 'v1' })

  it('replaces one instance after the other', async () => {
    const rollout = '{ strategy: rolling, batch: 1, surge: 1, bake: 1s }'
    await when(shop(), underLoad, deploys({ version: 'v2', rollout }))
    await expectThat(shop(), itIsPromoted, everybodyGets('v2'), itRuns('v2.0', 'v2.1'))
    await expectThat(shop(), nobodyNoticed)
  })

  it('gives a canary a growing share', async () => {
    const rollout = '{ strategy: canary, steps: [20%, 50%], hold: 1s, bake: 1s }'
    await when(shop(), underLoad, deploys({ version: 'v3', rollout }))
    await expectThat(shop(), itIsPromoted, everybodyGets('v3'), itRuns('v3.0', 'v3.1'))
    await expectThat(shop(), nobodyNoticed)
  })

  it('moves everything to a second set at once', async () => {
    const rollout = '{ strategy: blue-green, warm: 0s, bake: 1s }'
    await when(shop(), underLoad, deploys({ version: 'v4', rollout }))
    await expectThat(shop(), itIsPromoted, everybodyGets('v4'), itRuns('v4.0', 'v4.1'))
    await expectThat(shop(), nobodyNoticed)
  })
})

describe('a service with one instance and no room for a second', () => {
  it('lets its users wait while nothing runs, and fails none', async () => {
    const file = { instances: 1 }
    const rollout = '{ strategy: rolling, batch: 1, surge: 0, bake: 1s }'
    const shop = await given({ version: 'v1', file }, underLoad)
    await when(shop, deploys({ version: 'v2', file, rollout }))
    await expectThat(shop, itIsPromoted, everybodyGets('v2'), itRuns('v2.0'))
    await expectThat(shop, nobodyNoticed, usersHadToWait)
  })
})
