import { rm, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { GOOD, groupForAll, SLOW, WAITING } from '../support/group-world.ts'
import { until } from '../support/until.ts'

const stop = { drainMs: 5_000, signal: 'SIGTERM', killMs: 1_000 } as const

describe('the way back of a group', () => {
  const site = groupForAll(['accounts', 'web'])

  it('is gone on with, not turned round, when another controller finds a member on it', async () => {
    const slow = { accounts: { app: SLOW, stop } }
    await site().ended(await site().deploys('v1', slow))
    const id = await site().deploys('v2', { ...slow, web: { rollout: WAITING } })
    await site().isAt('web', 'v2', 'ask-gate')
    // What runs on the new release keeps the way back from its end for as long.
    const late = site().answer('accounts', '/slow')
    await site().controller.abortGroup(id, 'wrong day')
    await site().isAt('accounts', 'v1', 'drain')
    await site().changesController()

    expect(await site().ended(id)).toMatchObject({ outcome: 'undone' })
    expect(await late).toBe('v2')
    expect(await site().answers()).toEqual(['v1', 'v1'])
    const rollouts = await site().tools.rollouts.list('accounts')
    expect(rollouts.map(({ kind, state }) => [kind, state])).toEqual([
      ['rollback', { phase: 'finished', outcome: 'promoted' }],
      ['deploy', { phase: 'finished', outcome: 'promoted' }],
      ['deploy', { phase: 'finished', outcome: 'promoted' }],
    ])
  }, 90_000)

  it('is tried again for as long as the old release may take to get ready', async () => {
    const ready = { ...site().spec('accounts').ready, startupMs: 30_000 }
    const app = `require('node:fs').existsSync(process.env.FLAG) && process.exit(3); ${GOOD}`
    const frail = { run: 'exec node -e "$SOURCE"', env: { SOURCE: app, FLAG: site().flag }, ready }
    await site().ended(await site().deploys('v3', { accounts: frail }))
    const id = await site().deploys('v4', { web: { rollout: WAITING } })
    await site().isAt('web', 'v4', 'ask-gate')
    await writeFile(site().flag, '')
    await site().kills('accounts', 'v3')
    await site().controller.abortGroup(id, 'wrong day')
    await until(
      async () => rollbacksTo('v3'),
      (all) => all.length > 3,
      60_000,
    )
    await rm(site().flag)
    expect(await site().ended(id)).toMatchObject({ outcome: 'undone' })
    expect(await site().answers()).toEqual(['v3', 'v3'])
  }, 120_000)

  const rollbacksTo = async (release: string) =>
    (await site().tools.rollouts.list('accounts')).filter(
      ({ kind, plan }) => kind === 'rollback' && plan.to === release,
    )
})
