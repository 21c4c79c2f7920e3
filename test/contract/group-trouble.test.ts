import { describe, expect, it } from 'vitest'
import type { Journal } from '../../src/core/journal.ts'
import { removeSealed } from '../../src/lib/remove-sealed.ts'
import { groupForAll, type Set, WAITING } from '../support/group-world.ts'
import { until } from '../support/until.ts'

const JOBS = 'setInterval(() => 0, 1000)'

describe('a group with a worker among its members', () => {
  const site = groupForAll(['jobs', 'web'])

  const worker = (app = JOBS): Set => ({ isWorker: true, app })

  it('rolls it out in its turn, and keeps no old one beside the new one', async () => {
    await site().ended(await site().deploys('v1', { jobs: worker() }))
    const id = await site().deploys('v2', { jobs: worker(), web: { rollout: WAITING } })
    await site().isAt('web', 'v2', 'ask-gate')
    await site().runs('jobs v2', 'web v1', 'web v2')
    site().controller.promote('web')
    expect(await site().ended(id)).toMatchObject({ outcome: 'promoted' })
    await site().runs('jobs v2', 'web v2')
  }, 90_000)

  it('takes it back, too, when a person ends the group, in reverse order', async () => {
    const id = await site().deploys('v3', { jobs: worker(), web: { rollout: WAITING } })
    await site().isAt('web', 'v3', 'ask-gate')
    await site().controller.abortGroup(id, 'wrong day')
    expect(await site().ended(id)).toMatchObject({
      outcome: 'undone',
      because: { code: 'rollout-aborted', message: expect.stringContaining('wrong day') as string },
    })
    expect((await site().told(id)).slice(-4)).toEqual([
      'turned web',
      'return-begun jobs',
      'returned jobs',
      'finished',
    ])
    await site().runs('jobs v2', 'web v2')
    expect(await site().answer('web')).toBe('v2')
  }, 90_000)

  it('never gets to the others when the worker is the one that is bad', async () => {
    const id = await site().deploys('v4', { jobs: worker('process.exit(3)') })
    expect(await site().ended(id)).toMatchObject({
      outcome: 'undone',
      because: { message: expect.stringMatching(/^jobs: jobs\.v4\.0 ended by itself/) as string },
    })
    expect(await site().told(id)).toEqual(['planned', 'begun jobs', 'turned jobs', 'finished'])
    await site().runs('jobs v2', 'web v2')
  }, 90_000)
})

describe('a member whose own rollout cannot be taken back', () => {
  const site = groupForAll(['accounts', 'web'])

  it('leaves the group stuck, which names what to do for it and for those before it', async () => {
    const ready = { ...site().spec('web').ready, startupMs: 1_000 }
    await site().ended(await site().deploys('v1', { web: { ready } }))
    const id = await site().deploys('v2', { web: { rollout: WAITING } })
    await site().isAt('web', 'v2', 'ask-gate')
    await removeSealed((await site().tools.releases.read('web', 'v1'))?.directory ?? '')
    await site().kills('web', 'v1')
    await site().controller.abortGroup(id, 'to see')
    expect(await site().ended(id)).toMatchObject({
      outcome: 'stuck',
      because: {
        code: 'group-undo-failed',
        message: expect.stringMatching(
          /^web could not be taken back: "shift .*" could not be undone/,
        ),
        hint: expect.stringContaining(
          'in this order: midflight rollback v1 --service web; midflight rollback v1 --service accounts',
        ),
        data: { services: ['web', 'accounts'] },
      },
    })
    expect(await site().answers()).toEqual(['v2', 'v2'])
  }, 90_000)

  it('goes back by those commands when the cause is mended', async () => {
    const again = { spec: site().spec('web'), release: 'mended' }
    await site().controller.deploy(again, 'refuse')
    await site().isLive('web', 'mended')
    await site().controller.rollback('accounts', 'refuse', { to: 'v1' })
    await site().isLive('accounts', 'v1')
    expect(await site().answers()).toEqual(['v1', 'mended'])
  }, 90_000)
})

describe('a group whose member nobody executes for a moment', () => {
  const site = groupForAll(['accounts', 'web'])

  it('is taken back all the same when a person ends it just then', async () => {
    let isBroken = false
    const said: string[] = []
    const tools = site().real.tools()
    const append: Journal['append'] = async (...args) => {
      if (isBroken) throw new Error('the disk does not answer')
      await tools.journal.append(...args)
    }
    const log = (message: string) => void said.push(message)
    await site().changesController({ ...tools, log, journal: { ...tools.journal, append } })
    await site().ended(await site().deploys('v1'))
    const id = await site().deploys('v2', { web: { rollout: WAITING } })
    await site().isAt('web', 'v2', 'ask-gate')
    isBroken = true
    site().controller.promote('web')
    await until(
      async () => said,
      (all) => all.includes('rollout let go'),
    )
    await site().controller.abortGroup(id, 'wrong day')
    isBroken = false
    expect(await site().ended(id)).toMatchObject({
      outcome: 'undone',
      because: { code: 'rollout-aborted' },
    })
    expect(await site().answers()).toEqual(['v1', 'v1'])
  }, 120_000)
})
