import { describe, expect, it } from 'vitest'
import { ownPids } from '../../src/cli/own-pids.ts'
import { killWorker } from '../../src/prove/demo/chaos.ts'
import { demoMix } from '../../src/prove/demo-mix.ts'
import {
  everybodyGets,
  itIsPromoted,
  itRuns,
  nobodyNoticed,
  onlyWhatItCarriedBroke,
} from '../support/claims.ts'
import { expectThat, givenForAll, when } from '../support/given.ts'
import { beginsToDeploy, endsItsRollout, reaches, says, underLoad } from '../support/happenings.ts'
import { until } from '../support/until.ts'

const UNTIL_PROMOTED = '{ strategy: canary, steps: [20%], hold: until-promoted, bake: 0s }'

describe('what is killed in the middle of a canary comes back by itself', () => {
  const shop = givenForAll({ version: 'v1' })

  it('a worker of the proxy, and the others serve meanwhile', async () => {
    await when(shop(), underLoad, beginsToDeploy({ version: 'v2', rollout: UNTIL_PROMOTED }))
    await when(shop(), reaches('gate'))
    const before = await pids()
    await killWorker(shop().workspace, shop().traffic.load)
    const after = await until(pids, (now) => now.length === before.length && now[1] !== before[1])
    expect(after[0]).toBe(before[0])
    await when(shop(), says('promote'), endsItsRollout)
    await expectThat(shop(), itIsPromoted, everybodyGets('v2'), itRuns('v2.0', 'v2.1'))
    await expectThat(shop(), onlyWhatItCarriedBroke)
  })

  it('the whole proxy, with the routes it had, within three seconds', async () => {
    await when(shop(), beginsToDeploy({ version: 'v3', rollout: UNTIL_PROMOTED }), reaches('gate'))
    const [supervisor = 0] = await pids()
    const since = performance.now()
    process.kill(supervisor, 'SIGKILL')
    await until(answers, (is) => !is)
    await until(answers, (is) => is)
    expect(performance.now() - since).toBeLessThan(3_000)
    expect((await shop().status()).weights).toEqual({ v2: 8_000, v3: 2_000 })
    await when(shop(), underLoad, says('promote'), endsItsRollout)
    await expectThat(shop(), itIsPromoted, everybodyGets('v3'), itRuns('v3.0', 'v3.1'))
    await expectThat(shop(), nobodyNoticed)
  })

  it('an instance: what may be sent again is, and another one takes its place', async () => {
    const [kept, fresh, post] = demoMix({ perSecond: 150, run: 'killed' })
    await shop().getsTraffic([kept!, fresh!, post!])
    const { pid } = await victim()
    // Stopped first, so that there are requests on it for certain when it dies.
    process.kill(pid, 'SIGSTOP')
    const { requests } = await until(victim, (seen) => seen.requests > 0)
    process.kill(pid, 'SIGKILL')
    await until(victim, (now) => now.pid > 0 && now.pid !== pid && now.health === 'up', 5_000)
    const proof = await shop().traffic.proof()
    const failed = Object.groupBy(proof.failures, ({ kind }) => (kind === 'post' ? 'post' : 'get'))
    expect(failed.get).toBeUndefined()
    // Between the look and the kill a few more may have come.
    expect(failed.post?.length ?? 0).toBeLessThanOrEqual(requests + 2)
    expect(proof).toMatchObject({ lost: [], duplicated: [] })
    await expectThat(shop(), everybodyGets('v3'), itRuns('v3.0', 'v3.1'))
  })

  const pids = () => ownPids(shop().workspace.stateDirectory)
  const victim = async () => {
    const found = (await shop().status()).instances.find(({ id }) => id === 'demo.v3.1')
    if (!found) throw new Error('the instance is not there')
    return { ...found, pid: found.state.kind === 'running' ? found.state.pid : 0 }
  }
  const answers = () =>
    fetch(`${shop().url}/`, { headers: { connection: 'close' } }).then(
      ({ ok }) => ok,
      () => false,
    )
})
