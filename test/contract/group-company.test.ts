import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { groupForAll, WAITING } from '../support/group-world.ts'

describe('a group that runs while somebody else deploys', () => {
  const site = groupForAll(['accounts', 'web'])
  const waits = { web: { rollout: WAITING } }

  /** A group that stands at its last member, with v1 live before it. */
  const standing = async (release: string) => {
    const id = await site().deploys(release, waits)
    await site().isAt('web', release, 'ask-gate')
    return id
  }

  it('lets a deploy of one member wait for its end', async () => {
    await site().ended(await site().deploys('v1'))
    const id = await standing('v2')
    const alone = { spec: site().spec('accounts'), release: 'alone' }
    const queued = site().controller.deploy(alone, 'queue')
    await site().isMade('accounts', 'alone')
    expect(await site().lastOf('accounts')).toMatchObject({ plan: { to: 'v2' } })
    site().controller.promote('web')
    expect(await site().ended(id)).toEqual({ phase: 'finished', outcome: 'promoted' })
    const { plan } = await queued
    expect([plan.from, plan.to]).toEqual(['v2', 'alone'])
    await site().isLive('accounts', 'alone')
    expect(await site().answers()).toEqual(['alone', 'v2'])
  }, 90_000)

  it('is taken back whole by a deploy of one member that supersedes it', async () => {
    const id = await standing('v3')
    const alone = { spec: site().spec('accounts'), release: 'newer' }
    const { plan } = await site().controller.deploy(alone, 'supersede')
    expect([plan.from, plan.to]).toEqual(['alone', 'newer'])
    expect(await site().ended(id)).toMatchObject({
      outcome: 'undone',
      because: { code: 'rollout-aborted', data: { reason: 'a newer deploy supersedes it' } },
    })
    await site().isLive('accounts', 'newer')
    expect(await site().answers()).toEqual(['newer', 'v2'])
  }, 90_000)

  it('goes its way back unhindered when it is superseded a second time', async () => {
    const id = await standing('v4')
    const deploys = ['one', 'two'].map(async (release) =>
      site().controller.deploy({ spec: site().spec('accounts'), release }, 'supersede'),
    )
    await Promise.all(deploys)
    expect(await site().ended(id)).toMatchObject({ outcome: 'undone' })
    const returns = (await site().tools.rollouts.list('accounts')).filter(
      ({ plan, kind }) => kind === 'rollback' && plan.from === 'v4',
    )
    expect(returns.map(({ state }) => state)).toEqual([{ phase: 'finished', outcome: 'promoted' }])
    await site().isIdle('accounts')
  }, 90_000)

  it('is the only one of two that were begun at once, and nothing is left of the other', async () => {
    const both = await Promise.allSettled(['v5', 'v6'].map(async (each) => site().deploys(each)))
    const [won, lost] = both.toSorted((a, b) => a.status.localeCompare(b.status))
    if (won?.status !== 'fulfilled' || lost?.status !== 'rejected')
      throw new Error('not one of two')
    expect((lost.reason as { code: string }).code).toMatch(/^(group|rollout)-running$/)
    expect(await site().ended(won.value)).toMatchObject({ outcome: 'promoted' })
    const [a, b] = await site().answers()
    expect(a).toBe(b)
    const other = a === 'v5' ? 'v6' : 'v5'
    for (const name of site().names)
      expect(await site().tools.releases.read(name, other)).toBeUndefined()
  }, 90_000)

  it('does not begin when a deploy of a member was quicker', async () => {
    const before = (await site().tools.groups.list()).length
    // The release of accounts is made while that of web still takes its time.
    const slow = { web: { build: `while [ ! -e '${site().flag}' ]; do sleep 0.05; done` } }
    const group = site().deploys('v7', slow)
    await site().isMade('accounts', 'v7')
    const quick = { spec: site().spec('accounts', { rollout: WAITING }), release: 'quick' }
    const { id } = await site().controller.deploy(quick, 'refuse')
    await writeFile(site().flag, '')
    await expect(group).rejects.toMatchObject({
      code: 'rollout-running',
      message: expect.stringContaining(`rollout ${id} (quick) of accounts`) as string,
    })
    expect(await site().tools.groups.list()).toHaveLength(before)
    site().controller.promote('accounts')
    await site().isLive('accounts', 'quick')
    expect(await site().tools.releases.read('accounts', 'v7')).toBeUndefined()
  }, 90_000)
})
