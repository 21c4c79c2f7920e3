import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Controller } from '../../src/engine/controller.ts'
import type { Tools } from '../../src/engine/tools.ts'
import { removeSealed } from '../../src/lib/remove-sealed.ts'
import { realWorld, type RealWorld } from '../support/real-world.ts'
import { until } from '../support/until.ts'

const gate = { errors: 0.05, minRequests: 20 }
const rolling = { strategy: 'rolling', batch: 1, surge: 1, gate, bakeMs: 600_000 } as const

describe('a rollout that cannot be taken back', () => {
  let real: RealWorld
  let tools: Tools
  let controller: Controller

  beforeAll(async () => {
    real = await realWorld()
    tools = real.tools()
    controller = new Controller(tools)
    await controller.start()
  })
  afterAll(async () => {
    await controller.stop()
    await real.dispose()
  })

  const deploy = async () => {
    const { spec } = await real.release(`unused-${Date.now()}`, { rollout: rolling })
    return controller.deploy({ spec }, 'refuse')
  }
  const ended = async (id: number) => {
    const state = async () => (await tools.rollouts.read(id))?.state
    return until(state, (each) => each?.phase === 'finished')
  }
  const instances = async () => (await tools.runtime.list('shop')).map((each) => each.id)
  const shifted = async (release: string) =>
    until(
      async () => (await tools.router.read('shop'))?.route.weights[release],
      (share) => share === 10_000,
    )
  const answer = async () => {
    const response = await fetch(`http://127.0.0.1:${real.port}/`, {
      headers: { connection: 'close' },
    })
    return response.text()
  }

  it('is stuck, says what failed and why, and the new release goes on serving', async () => {
    await ended((await deploy()).id)
    const second = await deploy()
    await shifted('v2')
    await until(instances, (all) => all.every((id) => id === 'shop.v2.0'))
    const first = await tools.releases.read('shop', 'v1')
    await removeSealed(first?.directory ?? '')
    controller.abort('shop', 'to see')

    expect(await ended(second.id)).toMatchObject({
      phase: 'finished',
      outcome: 'stuck',
      because: {
        code: 'undo-failed',
        message: expect.stringMatching(
          /^"stop 1 × v1" could not be undone after 3 tries: .* because the rollout was aborted: to see$/,
        ) as string,
        hint: expect.stringContaining('midflight deploy') as string,
      },
    })
    expect(await answer()).toBe('v2')
    expect((await controller.status('shop')).isDegraded).toBe(true)
  }, 30_000)

  it('is cleared away by the next deploy', async () => {
    const third = await deploy()
    // Long before its hold begins: the promotion waits for it.
    controller.promote('shop')
    expect(await ended(third.id)).toMatchObject({ outcome: 'promoted' })
    expect(await answer()).toBe('v3')
    expect(await instances()).toEqual(['shop.v3.0'])
  }, 30_000)
})
