import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GroupEvent } from '../../src/core/group.ts'
import { Site } from '../support/site.ts'

const NOTHING_HARMED = { failures: [], resets: 0, lost: [], duplicated: [], corrupted: [], bad: {} }

describe('three services that are released as one', () => {
  let site: Site
  beforeAll(async () => {
    site = await Site.open('v1')
  }, 120_000)
  afterAll(async () => {
    expect(await site.end()).toEqual([])
  }, 120_000)

  const nobodyNoticed = async () => {
    for (const { failures, resets, lost, duplicated, corrupted, bad } of await site.proof())
      expect({ failures, resets, lost, duplicated, corrupted, bad }).toEqual(NOTHING_HARMED)
  }

  it('are checked as one, and nothing changes', async () => {
    const { exitStatus, lines } = await site.says('check', '--group')
    const found = lines.at(-1) as Checked
    expect(exitStatus).toBe(0)
    expect(found.services.map(({ service }) => service)).toEqual(['accounts', 'orders', 'web'])
    for (const { findings } of found.services)
      expect(findings.map(({ code }) => code)).toContain('tests')
    expect(found.together).toEqual([])
    expect(await site.versions()).toEqual(['v1', 'v1', 'v1'])
  }, 60_000)

  it('all serve the old release when the third is bad, and nobody noticed', async () => {
    await site.write('accounts', 'v2')
    await site.write('orders', 'v2')
    await site.write('web', 'v2', { 'crash-after-ready': 1 })
    await site.getsTraffic()
    const { exitStatus, events } = await site.deploys('v2')
    expect(exitStatus).toBe(1)
    expect(events.map(line)).toEqual([
      'planned',
      'begun accounts',
      'promoted accounts',
      'begun orders',
      'promoted orders',
      'begun web',
      'turned web',
      'return-begun orders',
      'returned orders',
      'return-begun accounts',
      'returned accounts',
      'undone',
    ])
    expect(await site.versions()).toEqual(['v1', 'v1', 'v1'])
    await nobodyNoticed()
  }, 180_000)

  it('are all new in the end when the controller is killed in the middle', async () => {
    for (const service of ['accounts', 'orders', 'web'] as const) await site.write(service, 'v3')
    await site.getsTraffic()
    let killing: Promise<void> | undefined
    const { exitStatus, events } = await site.deploys('v3', (event) => {
      if (line(event) === 'begun orders') killing ??= site.losesItsController()
    })
    await killing
    expect(events.at(-1)).toMatchObject({ group: { state: { outcome: 'promoted' } } })
    expect(exitStatus).toBe(0)
    expect(await site.versions()).toEqual(['v3', 'v3', 'v3'])
    await nobodyNoticed()
  }, 180_000)

  it('are all old in the end when the controller is killed on the way back', async () => {
    const before = await site.versions()
    await site.write('accounts', 'v4')
    await site.write('orders', 'v4')
    await site.write('web', 'v4', { 'crash-after-ready': 1 })
    await site.getsTraffic()
    let killing: Promise<void> | undefined
    const { exitStatus, events } = await site.deploys('v4', (event) => {
      if (line(event) === 'return-begun orders') killing ??= site.losesItsController()
    })
    await killing
    expect(events.at(-1), JSON.stringify(events.at(-1))).toMatchObject({
      group: { state: { outcome: 'undone' } },
    })
    expect(exitStatus).toBe(1)
    expect(await site.versions()).toEqual(before)
    await nobodyNoticed()
  }, 180_000)
})

interface Checked {
  readonly ok: boolean
  readonly services: readonly {
    readonly service: string
    readonly findings: readonly { readonly code: string }[]
  }[]
  readonly together: readonly unknown[]
}

function line(event: GroupEvent | undefined): string {
  if (event?.event === 'member') return `${event.mark} ${event.service}`
  if (event?.event !== 'finished') return event?.event ?? 'nothing'
  const { state } = event.group
  return state.phase === 'finished' ? state.outcome : state.phase
}
