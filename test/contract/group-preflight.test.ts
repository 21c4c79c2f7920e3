import { describe, expect, it } from 'vitest'
import type { PreflightLevel } from '../../src/core/doubt.ts'
import { machineOf } from '../../src/preflight/machine-of.ts'
import { preflight } from '../../src/preflight/preflight.ts'
import { groupForAll } from '../support/group-world.ts'
import { ALL_OFF } from '../support/tried-release.ts'

/** Enough for one small app of Node, and not for two. */
const LEFT_BYTES = 72 * 2 ** 20

describe('services of which each would fit, and not all of them', () => {
  const site = groupForAll(['accounts', 'web'])

  const deploys = async (release: string, memory: PreflightLevel) => {
    const set = { preflight: { ...ALL_OFF, memory } }
    return site().deploys(release, { accounts: set, web: set })
  }

  it('are refused as a group before anything changes, with the numbers', async () => {
    await site().ended(await site().deploys('v1'))
    const tools = site().real.tools()
    const machine = { ...machineOf('/'), memoryBytes: () => LEFT_BYTES }
    await site().changesController({ ...tools, preflight: preflight({ ...tools, machine }) })
    await expect(deploys('v2', 'error')).rejects.toMatchObject({
      code: 'preflight-failed',
      message: expect.stringMatching(
        /^the group site is not rolled out, and nothing has changed: memory: together they take \d+ MiB more \(accounts 1 × \d+ MiB, web 1 × \d+ MiB\), and 72 MiB of memory are left;/,
      ) as string,
      hint: expect.stringContaining('preflight: { memory: warn }') as string,
    })
    expect(await site().tools.groups.unfinished()).toEqual([])
    for (const name of site().names)
      expect(await site().tools.releases.read(name, 'v2')).toBeUndefined()
    await site().runs('accounts v1', 'web v1')
  }, 90_000)

  it('are told of by a check, which leaves nothing', async () => {
    const set = { preflight: { ...ALL_OFF, memory: 'error', tests: 'warn' } } as const
    const members = site().names.map((name) => ({ spec: site().spec(name, set) }))
    const found = await site().controller.checkGroup(members)
    expect(
      found.members.map(({ service, doubts }) => [service, doubts.map(({ check }) => check)]),
    ).toEqual([
      ['accounts', ['tests']],
      ['web', ['tests']],
    ])
    expect(found.together).toMatchObject([
      {
        check: 'memory',
        level: 'error',
        what: expect.stringContaining('together they take') as string,
      },
    ])
    for (const name of site().names)
      expect((await site().tools.releases.list(name)).map(({ id }) => id)).toEqual(['v1'])
    await site().runs('accounts v1', 'web v1')
  }, 90_000)

  it('are rolled out where the files only warn, and the first rollout tells the doubt', async () => {
    const id = await deploys('v3', 'warn')
    expect(await site().ended(id)).toMatchObject({ outcome: 'promoted' })
    expect(await site().lastOf('accounts')).toMatchObject({
      plan: { doubts: [{ check: 'memory', level: 'warn' }] },
    })
    expect((await site().lastOf('web'))?.plan.doubts).toBeUndefined()
  }, 90_000)
})
