import { describe, expect, it } from 'vitest'
import { scriptedWorld } from '../../test/support/scripted-world.ts'
import { drain } from './drain.ts'

const data = { kind: 'drain', release: 'v2', slots: [0] } as const

describe('draining', () => {
  it('waits until everything has finished', async () => {
    const world = scriptedWorld([
      {},
      { instances: [{ requests: 2, upgrades: 1 }] },
      { instances: [{ requests: 1 }] },
      {},
    ])
    const said: string[] = []
    const verdict = await drain.do(data, world, { report: (progress) => said.push(progress) })
    expect(verdict).toEqual({ kind: 'yes', note: 'everything finished' })
    expect(said).toEqual([
      'waiting for 2 requests, 1 WebSockets',
      'waiting for 1 requests, 0 WebSockets',
    ])
  })

  it('waits for the workers of a proxy that was killed, which count for nobody, beyond the limit', async () => {
    const blind = { orphans: 2, instances: [{ requests: 1 }] }
    const world = scriptedWorld([{}, ...Array.from({ length: 100 }, () => blind), {}])
    const said = new Set<string>()
    const begunMs = world.clock.steadyNow()
    const verdict = await drain.do(data, world, { report: (progress) => said.add(progress) })
    expect(verdict).toEqual({ kind: 'yes', note: 'everything finished' })
    expect(world.clock.steadyNow() - begunMs).toBe(5_000)
    expect([...said]).toEqual([
      'waiting for workers of a proxy that was killed, to finish what they have (2 left)',
    ])
  })

  it('does not wait for ever for one of them that hangs', async () => {
    const world = scriptedWorld([{ orphans: 1 }])
    const begunMs = world.clock.steadyNow()
    expect(await drain.do(data, world, {})).toEqual({ kind: 'yes', note: 'everything finished' })
    expect(world.clock.steadyNow() - begunMs).toBe(31_000)
  })

  it('goes on at the limit, and says what is cut', async () => {
    const world = scriptedWorld([{ instances: [{ requests: 3, upgrades: 2 }] }])
    expect(await drain.do(data, world, {})).toEqual({
      kind: 'yes',
      note: '3 requests, 2 WebSockets still ran after 1s and are cut',
    })
  })
})
