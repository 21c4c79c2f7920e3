import { describe, expect, it } from 'vitest'
import { groupForAll, WAITING } from '../support/group-world.ts'

describe('a group that is deployed while something else runs', () => {
  const site = groupForAll(['accounts', 'web'])
  const waits = { web: { rollout: WAITING } }

  it('waits for the end of a rollout of one member, when it is told to', async () => {
    await site().ended(await site().deploys('v1'))
    const alone = { spec: site().spec('web', { rollout: WAITING }), release: 'alone' }
    await site().controller.deploy(alone, 'refuse')
    const queued = site().deploys('v2', {}, 'queue')
    await site().isMade('web', 'v2')
    expect(await site().tools.groups.unfinished()).toEqual([])
    await site().isAt('web', 'alone', 'ask-gate')
    site().controller.promote('web')
    expect(await site().ended(await queued)).toMatchObject({ outcome: 'promoted' })
    expect((await site().lastOf('web'))?.plan).toMatchObject({ from: 'alone', to: 'v2' })
    expect(await site().answers()).toEqual(['v2', 'v2'])
  }, 90_000)

  it('waits for the end of another group', async () => {
    const first = await site().deploys('v3', waits)
    await site().isAt('web', 'v3', 'ask-gate')
    const queued = site().deploys('v4', {}, 'queue')
    await site().isMade('web', 'v4')
    site().controller.promote('web')
    expect(await site().ended(await queued)).toMatchObject({ outcome: 'promoted' })
    expect(await site().ended(first)).toMatchObject({ outcome: 'promoted' })
    expect((await site().lastOf('accounts'))?.plan).toMatchObject({ from: 'v3', to: 'v4' })
  }, 90_000)

  it('takes another group and the rollout of one member back, when it supersedes them', async () => {
    const first = await site().deploys('v5', waits)
    await site().isAt('web', 'v5', 'ask-gate')
    const second = await site().deploys('v6', waits, 'supersede')
    expect(await site().ended(first)).toMatchObject({
      outcome: 'undone',
      because: { code: 'rollout-aborted', data: { reason: 'a newer deploy supersedes it' } },
    })
    await site().isAt('web', 'v6', 'ask-gate')
    await site().controller.abortGroup(second, 'for the test')
    await site().ended(second)
    const alone = { spec: site().spec('web', { rollout: WAITING }), release: 'own' }
    await site().controller.deploy(alone, 'refuse')
    await site().isAt('web', 'own', 'ask-gate')
    expect(await site().ended(await site().deploys('v7', {}, 'supersede'))).toMatchObject({
      outcome: 'promoted',
    })
    expect((await site().lastOf('web'))?.plan).toMatchObject({ from: 'v4', to: 'v7' })
    expect(await site().answers()).toEqual(['v7', 'v7'])
  }, 120_000)

  it('forgets its releases when the controller ends while it waits', async () => {
    const alone = { spec: site().spec('web', { rollout: WAITING }), release: 'long' }
    await site().controller.deploy(alone, 'refuse')
    await site().isAt('web', 'long', 'ask-gate')
    const queued = site().deploys('v8', {}, 'queue')
    await site().isMade('web', 'v8')
    const ends = expect(queued).rejects.toMatchObject({ code: 'controller-stopped' })
    await site().changesController()
    await ends
    for (const name of site().names)
      expect(await site().tools.releases.read(name, 'v8')).toBeUndefined()
    site().controller.abort('web', 'for the test')
    await site().isIdle('web')
  }, 90_000)
})
