import { describe, expect, it } from 'vitest'
import type { Lives } from '../../src/core/judge.ts'
import type { RecordedEntry } from '../../src/core/record.ts'
import type { CanarySpec } from '../../src/core/rollout-spec.ts'
import { AT_ONCE, controlledForAll } from '../support/controlled.ts'
import { until } from '../support/until.ts'

const judge = {
  alpha: 0.001,
  errors: true,
  refusals: true,
  memory: false,
  early: false,
  inconclusive: 'go-on',
} as const
const HALF: CanarySpec = {
  strategy: 'canary',
  gate: AT_ONCE.gate,
  bakeMs: 0,
  steps: [{ share: 5_000, hold: 'until-promoted' }],
}

describe('a large service', () => {
  const shop = controlledForAll()

  it('given six instances that are live', async () => {
    expect((await shop().promoted({ instances: 6 })).plan.to).toBe('v1')
    expect(await shop().answer()).toBe('v1')
  })

  it('starts an instance of the new release again when crashes are compared, and goes on', async () => {
    const rollout = { ...HALF, judge: { ...judge, crashes: 'compared' as const } }
    const deployed = await shop().deploy({ instances: 6, rollout })
    await shop().inHold(deployed, 5_000)
    await until(
      async () => (await shop().tools.records.read(deployed.id)).flatMap(livesIn),
      (lives) => lives.some(({ running }) => running.candidate === 3),
    )
    const crashed = await shop().pidOf('shop.v2.0')
    process.kill(crashed, 'SIGKILL')
    const pid = await until(
      async () =>
        shop()
          .pidOf('shop.v2.0')
          .catch(() => crashed),
      (each) => each !== crashed,
    )
    expect(pid).not.toBe(crashed)
    await until(
      async () => (await shop().tools.records.read(deployed.id)).flatMap(endedIn),
      (ended) => ended.length > 0,
    )
    shop().controller.promote('shop')
    expect(await shop().ended(deployed)).toEqual({ phase: 'finished', outcome: 'promoted' })
    const ended = (await shop().tools.records.read(deployed.id)).flatMap(endedIn)
    expect(ended).toEqual(['shop.v2.0'])
  })

  it('takes the new release back when one of its instances ends, unless crashes are compared', async () => {
    const deployed = await shop().deploy({ instances: 6, rollout: { ...HALF, judge } })
    await shop().inHold(deployed, 5_000)
    process.kill(await shop().pidOf('shop.v3.0'), 'SIGKILL')
    expect(await shop().ended(deployed)).toMatchObject({
      outcome: 'undone',
      because: { code: 'instance-ended' },
    })
  })
}, 120_000)

const livesIn = (entry: RecordedEntry): readonly Lives[] =>
  entry.kind === 'looks' ? entry.looks.flatMap(({ lives }) => lives ?? []) : []

/** Which instances the judge was told of. */
const endedIn = (entry: RecordedEntry): readonly string[] =>
  livesIn(entry).flatMap(({ ended }) => ended.map(({ instance }) => instance))
