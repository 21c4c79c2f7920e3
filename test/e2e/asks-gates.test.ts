import { describe, it } from 'vitest'
import { answeringServer } from '../support/answering-server.ts'
import {
  everybodyGets,
  itIsPromoted,
  itIsUndone,
  itRuns,
  nobodyNoticed,
} from '../support/claims.ts'
import { expectThat, given, when } from '../support/given.ts'
import {
  beginsToDeploy,
  deploys,
  endsItsRollout,
  hears,
  killsTheController,
  says,
  underLoad,
} from '../support/happenings.ts'

const canary = (...gates: readonly object[]) =>
  JSON.stringify({
    strategy: 'canary',
    steps: ['10%', '25%', '50%'],
    hold: '200ms',
    bake: '0s',
    gates,
  })

describe('gates of the file', () => {
  it('take a release back when a webhook says no at 25%', async () => {
    const ci = await answeringServer((answer, { body }) => {
      const isAt25 = body.includes('after 25%')
      answer.end(JSON.stringify(isAt25 ? { verdict: 'no', why: 'orders go down' } : {}))
    })
    const rollout = canary({ name: 'orders', webhook: `${ci.url}/hook-s3cret`, when: 'after' })
    const shop = await given({ version: 'v1' }, underLoad, deploys({ version: 'v2', rollout }))
    await expectThat(
      shop,
      itIsUndone({
        code: 'gate-refused',
        message: /^orders said no to v2 after 25%: orders go down$/,
        hint: /Mend what it found/,
      }),
      everybodyGets('v1'),
      itRuns('v1.0', 'v1.1'),
      nobodyNoticed,
    )
  })

  it('hold a release while there is no answer, and are asked again after a crash', async () => {
    let isThere = false
    const ci = await answeringServer((answer) => answer.writeHead(isThere ? 200 : 503).end())
    const rollout = canary({ webhook: ci.url, at: '25%' })
    const shop = await given({ version: 'v1' }, beginsToDeploy({ version: 'v2', rollout }))
    await when(shop, hears('paused'))
    isThere = true
    await when(shop, killsTheController, endsItsRollout)
    await expectThat(shop, itIsPromoted, everybodyGets('v2'))
  })

  it('hold a release while there is no answer, and a person goes on without one', async () => {
    const rollout = canary({ command: 'kill -KILL $$', at: 'end' })
    const shop = await given({ version: 'v1' }, beginsToDeploy({ version: 'v2', rollout }))
    await when(shop, hears('paused'), says('promote'), endsItsRollout)
    await expectThat(shop, itIsPromoted, everybodyGets('v2'))
  })
})
