import { describe, it } from 'vitest'
import {
  everybodyGets,
  itIsUndone,
  itRuns,
  nobodyNoticed,
  onlyErrorsOf,
} from '../support/claims.ts'
import { expectThat, givenForAll, when } from '../support/given.ts'
import {
  beginsToDeploy,
  deploys,
  endsItsRollout,
  hears,
  reaches,
  says,
  underLoad,
} from '../support/happenings.ts'

const canary = '{ strategy: canary, steps: [30%, 60%], hold: 8s, min-requests: 20, bake: 1s }'

describe('a bad release is taken back by itself', () => {
  const shop = givenForAll({ version: 'v1' })

  it('that never gets ready, before anybody met it', async () => {
    const behaviour = { 'never-ready': true }
    await when(shop(), underLoad)
    await when(shop(), deploys({ version: 'v2', behaviour, startup: '2s', rollout: canary }))
    await expectThat(
      shop(),
      itIsUndone({
        code: 'instance-not-ready',
        message: /^demo\.v2\.0 was not ready after 2s: answered 503 on GET \/readyz/,
        hint: /midflight logs v2.*raise ready\.startup/,
      }),
      asBefore,
      nobodyNoticed,
    )
  })

  it('that answers errors, and nobody sees any others', async () => {
    const behaviour = { errors: 0.5 }
    const rollout = canary.replace('hold', 'errors: 100%, hold')
    await when(shop(), underLoad, deploys({ version: 'v3', behaviour, rollout }))
    await expectThat(
      shop(),
      itIsUndone({
        code: 'release-worse',
        message: /^v3 is worse than v1: it answered \d+ of \d+ requests with an error/,
        hint: /midflight logs v3/,
      }),
      asBefore,
      onlyErrorsOf('v3'),
    )
  })

  it('that answers more errors than the file allows, where nothing is compared', async () => {
    const behaviour = { errors: 0.5 }
    const rollout = canary.replace('hold', 'judge: false, hold')
    await when(shop(), underLoad, deploys({ version: 'v3b', behaviour, rollout }))
    await expectThat(
      shop(),
      itIsUndone({
        code: 'gate-failed',
        message: /^v3b answered \d+ of \d+ requests with an error \([\d.]+%\); the limit is 5%$/,
        hint: /midflight logs v3b/,
      }),
      asBefore,
      onlyErrorsOf('v3b'),
    )
  })

  it('whose command is not found', async () => {
    const file = { run: 'no-such-command --port $PORT' }
    await when(shop(), deploys({ version: 'v4', file, rollout: canary }))
    await expectThat(
      shop(),
      itIsUndone({
        code: 'instance-ended',
        message: /^demo\.v4\.0 ended by itself \(exit code 127\) [\d.]+s after its start$/,
        hint: /The command in "run" was not found.*midflight logs v4/,
      }),
      asBefore,
    )
  })

  it('that exits at once', async () => {
    const file = { run: 'sh -c "echo no database; exit 3"' }
    await when(shop(), deploys({ version: 'v5', file, rollout: canary }))
    await expectThat(
      shop(),
      itIsUndone({
        code: 'instance-ended',
        message: /^demo\.v5\.0 ended by itself \(exit code 3\)/,
        hint: /midflight logs v5/,
      }),
      asBefore,
    )
  })

  it('that crashes while it is watched', async () => {
    const behaviour = { 'crash-after-ready': 5_000 }
    await when(shop(), deploys({ version: 'v6', behaviour, rollout: canary }))
    await expectThat(
      shop(),
      itIsUndone({
        code: 'instance-ended',
        message: /^demo\.v6\.0 ended by itself \(exit code 1\) [56]\.\ds after its start$/,
        hint: /midflight logs v6/,
      }),
      asBefore,
    )
  })

  it('that a person does not like', async () => {
    await when(shop(), underLoad, beginsToDeploy({ version: 'v7', rollout: canary }))
    await when(shop(), reaches('gate'), says('abort', '--reason', 'wrong colour'))
    await when(shop(), hears('turned'), endsItsRollout)
    await expectThat(
      shop(),
      itIsUndone({
        code: 'rollout-aborted',
        message: /^the rollout was aborted: wrong colour$/,
        hint: /everything is as it was before/,
      }),
      asBefore,
      nobodyNoticed,
    )
  })

  const asBefore = async () => expectThat(shop(), everybodyGets('v1'), itRuns('v1.0', 'v1.1'))
})
