import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Controller } from '../../src/engine/controller.ts'
import type { Tools } from '../../src/engine/tools.ts'
import { AT_ONCE } from '../support/controlled.ts'
import { WAITING } from '../support/group-world.ts'
import { realWorld, type RealWorld } from '../support/real-world.ts'
import { until } from '../support/until.ts'

describe('a controller that another one has taken over from', () => {
  let real: RealWorld
  let before: Tools
  let old: Controller
  let next: Controller
  let rollout: number
  const said: string[] = []

  beforeAll(async () => {
    real = await realWorld()
    before = { ...real.tools(), log: (message) => said.push(message) }
    old = new Controller(before)
    await old.start()
    const first = await old.deploy(
      { spec: (await real.release('unused-1', { rollout: AT_ONCE })).spec },
      'refuse',
    )
    await until(
      async () => (await before.rollouts.read(first.id))?.state.phase,
      (phase) => phase === 'finished',
    )
    const { spec } = await real.release('unused-2', { rollout: WAITING })
    rollout = (await old.deploy({ spec }, 'refuse')).id
    await until(shares, (each) => each['v2'] === 5_000)
    next = new Controller(real.tools())
    await next.start()
  }, 60_000)
  afterAll(async () => {
    await old.stop()
    await next.stop()
    await real.dispose()
  })

  const shares = async () => (await before.router.read('shop'))?.route.weights ?? {}

  it('lets go of its rollout, and says so once', async () => {
    await until(
      async () => said.filter((message) => message === 'let go of everything'),
      (times) => times.length > 0,
    )
    expect(() => {
      old.promote('shop')
    }).toThrow('no rollout of shop is running')
    expect(said.filter((message) => message === 'let go of everything')).toHaveLength(1)
  })

  it('takes no orders any more', async () => {
    const { spec } = await real.release('unused-3', { rollout: AT_ONCE })
    await expect(old.deploy({ spec }, 'supersede')).rejects.toMatchObject({ code: 'lease-lost' })
    expect(await shares()).toEqual({ v1: 5_000, v2: 5_000 })
  })

  it('leaves the rollout to the other one', async () => {
    next.promote('shop')
    const ended = await until(
      async () => (await before.rollouts.read(rollout))?.state,
      (state) => state?.phase === 'finished',
    )
    expect(ended).toMatchObject({ outcome: 'promoted' })
    expect(await shares()).toEqual({ v2: 10_000 })
  })
})
