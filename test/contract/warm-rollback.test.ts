import { afterAll, beforeAll, expect, it } from 'vitest'
import { Controller } from '../../src/engine/controller.ts'
import type { Tools } from '../../src/engine/tools.ts'
import { realWorld, type RealWorld } from '../support/real-world.ts'
import { until } from '../support/until.ts'

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

async function deploy(): Promise<void> {
  const gate = { errors: 0.05, minRequests: 20 }
  const { spec } = await real.release(`unused-${Date.now()}`, {
    instances: 2,
    rollout: { strategy: 'rolling', batch: 1, surge: 1, gate, bakeMs: 0, warmMs: 600_000 },
  })
  const { id } = await controller.deploy({ spec }, 'refuse')
  expect(await finished(id)).toMatchObject({ outcome: 'promoted' })
}

const finished = async (id: number) =>
  until(
    async () => (await tools.rollouts.read(id))?.state,
    (state) => state?.phase === 'finished',
  )
const running = async () =>
  (await tools.runtime.list('shop'))
    .filter(({ state }) => state.kind === 'running')
    .map(({ id, generation }) => `${id} ${generation}`)
const ids = async () => (await running()).map((each) => each.split(' ')[0])

it('only moves the traffic to a set that a rolling rollout kept warm', async () => {
  const before = await running()
  await deploy()
  expect(await ids()).toEqual(['shop.v1.0', 'shop.v1.1', 'shop.v2.0', 'shop.v2.1'])
  const back = await controller.rollback('shop', 'refuse')
  expect(back.plan.steps[0]).toMatchObject({ kind: 'shift-traffic', to: { v1: 10_000 } })
  expect(await finished(back.id)).toMatchObject({ outcome: 'promoted' })
  expect(await running()).toEqual(before)
})

it('first starts those of the warm set that have died', async () => {
  await deploy()
  const [first] = (await tools.runtime.list('shop')).filter(({ release }) => release === 'v1')
  if (first?.state.kind !== 'running') throw new Error('v1 does not run')
  process.kill(first.state.pid, 'SIGKILL')
  await until(running, (all) => !all.includes(`${first.id} ${first.generation}`))
  const back = await controller.rollback('shop', 'refuse')
  expect(await finished(back.id)).toMatchObject({ outcome: 'promoted' })
  expect(await ids()).toEqual(['shop.v1.0', 'shop.v1.1'])
  const traffic = await tools.router.read('shop')
  expect(traffic?.route.weights).toEqual({ v1: 10_000 })
  expect(traffic?.instances.map(({ health }) => health)).toEqual(['up', 'up'])
})

it('leaves nobody the candidate when it is taken back itself', async () => {
  await deploy()
  const { id, plan } = await controller.rollback('shop', 'refuse')
  controller.abort('shop', 'changed my mind')
  expect(await finished(id)).toMatchObject({ outcome: 'undone' })
  const route = (await tools.router.read('shop'))?.route
  expect(route?.instances.map(({ release }) => release)).toContain(plan.to)
  expect(route).toMatchObject({ weights: { [plan.from!]: 10_000 }, roles: { stable: plan.from } })
  expect(route?.roles?.candidate).toBeUndefined()
})
