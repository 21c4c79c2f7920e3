import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tools } from '../../src/engine/tools.ts'
import { Controller } from '../../src/engine/controller.ts'
import { realWorld, type RealWorld } from '../support/real-world.ts'
import { until as eventually } from '../support/until.ts'

const gate = { errors: 0.05, minRequests: 20 }
const blueGreen = { strategy: 'blue-green', gate, bakeMs: 0, warmMs: 1 } as const

describe('between rollouts', () => {
  let real: RealWorld
  let tools: Tools
  let controller: Controller

  beforeAll(async () => {
    real = await realWorld()
    tools = real.tools()
    controller = new Controller(tools)
    await controller.start()
    await deploy()
  })
  afterAll(async () => {
    await controller.stop()
    await real.dispose()
  })

  const deploy = async () => {
    const { spec } = await real.release(`unused-${Date.now()}`, { rollout: blueGreen })
    const rollout = await controller.deploy({ spec }, 'queue')
    await until(async () => (await tools.rollouts.read(rollout.id))?.state.phase === 'finished')
    return rollout.plan.to
  }
  const running = async () => {
    const all = await tools.runtime.list('shop')
    return all.filter((each) => each.state.kind === 'running').map((each) => each.id)
  }

  it('an instance that ends is replaced, and gets traffic again when it is ready', async () => {
    const [instance] = await tools.runtime.list('shop')
    if (instance?.state.kind !== 'running') throw new Error('nothing runs')
    process.kill(instance.state.pid, 'SIGKILL')
    await until(async () => {
      const [now] = await tools.runtime.list('shop')
      return now?.state.kind === 'running' && now.generation !== instance.generation
    })
    const answer = await fetch(`http://127.0.0.1:${real.port}/`, {
      headers: { connection: 'close' },
    })
    expect([answer.status, await answer.text()]).toEqual([200, 'v1'])
  })

  it('a release that was warm long enough ends', async () => {
    expect(await deploy()).toBe('v2')
    await until(async () => (await running()).join() === 'shop.v2.0')
    await until(async () => (await tools.services.read('shop'))?.warm === undefined)
  })

  it('a route that was lost is made again from what is meant to be', async () => {
    await tools.router.remove('shop')
    await until(async () => (await tools.router.read('shop'))?.route.weights['v2'] === 10_000)
    const answer = await fetch(`http://127.0.0.1:${real.port}/`, {
      headers: { connection: 'close' },
    })
    expect(await answer.text()).toBe('v2')
  })
})

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  await eventually(isTrue, (answer) => answer)
}
