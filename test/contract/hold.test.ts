import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Controller } from '../../src/engine/controller.ts'
import type { Tools } from '../../src/engine/tools.ts'
import { worldOf } from '../../src/engine/world.ts'
import { steps } from '../../src/steps/all.ts'
import { realWorld, type RealWorld } from '../support/real-world.ts'

const gate = { errors: 0.05, minRequests: 20 }
const rollout = { strategy: 'blue-green', gate, bakeMs: 0, warmMs: 0 } as const

describe('a service that a person holds', () => {
  let real: RealWorld
  let tools: Tools
  let controller: Controller

  beforeAll(async () => {
    real = await realWorld()
    tools = real.tools()
    controller = new Controller(tools)
    for (const id of ['v1', 'v2']) await tools.releases.add(await real.release(id, { rollout }))
    await bring('v1', {})
  })
  afterAll(async () => real.dispose())

  const bring = async (release: string, from: Record<string, number>) => {
    const world = worldOf(tools, 'shop')
    const slots = [0]
    await steps['start-instances'].do({ kind: 'start-instances', release, slots }, world, {})
    await steps['wait-until-ready'].do({ kind: 'wait-until-ready', release, slots }, world, {})
    const to = { [release]: 10_000 }
    await steps['shift-traffic'].do({ kind: 'shift-traffic', from, to }, world, {})
  }
  const route = async () => (await tools.router.read('shop'))?.route

  it('is held until it is released, and repeating is safe', async () => {
    await controller.hold('shop', 'writes')
    await controller.hold('shop', 'writes')
    expect((await route())?.held).toBe('writes')
    expect((await controller.status('shop')).held).toBe('writes')
    await controller.hold('shop', 'all')
    expect((await route())?.held).toBe('all')
    await controller.release('shop')
    await controller.release('shop')
    expect(await route()).not.toHaveProperty('held')
    expect(await controller.status('shop')).not.toHaveProperty('held')
  })

  it('stays held while a rollout moves its traffic', async () => {
    await controller.hold('shop', 'all')
    await bring('v2', { v1: 10_000 })
    expect(await route()).toMatchObject({ held: 'all', weights: { v2: 10_000 } })
    await controller.release('shop')
  })

  it('must be there', async () => {
    await expect(controller.hold('nix', 'all')).rejects.toMatchObject({ code: 'service-unknown' })
  })
})
