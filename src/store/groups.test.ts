import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../lib/system-clock.ts'
import { openStore } from './store.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'midflight-groups-'))
const open = (directory: string) => openStore(directory, systemClock)
const members = [
  { service: 'accounts', release: 'v2' },
  { service: 'web', release: 'v5' },
]
const because = { code: 'instance-ended', message: 'it ended', hint: 'look', data: {} }

describe('the groups of the store', () => {
  it('are found again where they stand, after it was closed', async () => {
    const directory = folder()
    const first = open(directory)
    const { id } = await first.groups.open('shop', members, 'anna')
    await first.groups.append(id, { mark: 'begun', member: 0 })
    await first.groups.append(id, { mark: 'promoted', member: 0, rollout: 7 })
    first.close()

    const second = open(directory)
    const [group] = await second.groups.unfinished()
    expect(group).toMatchObject({ id, name: 'shop', members, by: 'anna', state: { member: 1 } })
    expect(await second.groups.marks(id)).toHaveLength(2)
    await second.groups.append(id, { mark: 'turned', member: 1, because })
    await second.groups.append(id, { mark: 'returned', member: 1 })
    expect((await second.groups.read(id))?.state).toEqual({
      phase: 'undoing',
      member: 0,
      because,
    })
    await second.groups.close(id, 'undone', because)
    expect(await second.groups.unfinished()).toEqual([])
    expect((await second.groups.list())[0]?.state).toEqual({
      phase: 'finished',
      outcome: 'undone',
      because,
    })
    second.close()
  })

  it('have a service in one of them at a time', async () => {
    const store = open(folder())
    const { id } = await store.groups.open('shop', members)
    const other = [{ service: 'web', release: 'v6' }]
    await expect(store.groups.open('site', other)).rejects.toMatchObject({
      code: 'group-running',
      message: `web is rolled out with the group shop (${id}), which has not ended`,
    })
    await store.groups.close(id, 'promoted')
    await store.groups.open('site', other)
    store.close()
  })

  it('refuse the marks of a controller that was overtaken', async () => {
    const directory = folder()
    const old = open(directory)
    const { id } = await old.groups.open('shop', members)
    const next = open(directory)
    const late = [
      old.groups.append(id, { mark: 'begun', member: 0 }),
      old.groups.close(id, 'promoted'),
      old.groups.open('site', [{ service: 'blog', release: 'v1' }]),
    ]
    for (const each of late) await expect(each).rejects.toMatchObject({ code: 'lease-lost' })
    await next.groups.append(id, { mark: 'begun', member: 0 })
    old.close()
    next.close()
  })
})
