import { afterAll, beforeAll, expect, it } from 'vitest'
import type { StepData } from '../../src/core/plan.ts'
import type { World } from '../../src/core/step.ts'
import type { Tools } from '../../src/engine/tools.ts'
import { stepFor } from '../../src/engine/work.ts'
import { worldOf } from '../../src/engine/world.ts'
import { realWorld, type RealWorld } from '../support/real-world.ts'
import { until } from '../support/until.ts'

const gate = { errors: 0.05, minRequests: 20 }
const rollout = { strategy: 'rolling', batch: 1, surge: 1, gate, bakeMs: 0 } as const
const all = [0, 1] as const
const there = { kind: 'shift-traffic', from: { v1: 10_000 }, to: { v2: 10_000 } } as const
const shift = { ...there, needs: { from: { v1: 2 }, to: { v2: 2 } } }

let real: RealWorld
let tools: Tools
let world: World

beforeAll(async () => {
  real = await realWorld()
  tools = real.tools()
  world = worldOf(tools, 'shop')
  for (const id of ['v1', 'v2']) {
    await tools.releases.add(await real.release(id, { rollout, instances: 2 }))
    await perform({ kind: 'start-instances', release: id, slots: all })
    await perform({ kind: 'wait-until-ready', release: id, slots: all })
    if (id === 'v1') await perform({ kind: 'shift-traffic', from: {}, to: { v1: 10_000 } })
  }
})
afterAll(async () => real.dispose())

const perform = async (data: StepData) => {
  expect(await stepFor(tools.steps, data).do(data, world, {})).toMatchObject({ kind: 'yes' })
}
const weights = async () => (await tools.router.read('shop'))?.route.weights

/** As a crash would end it; resolves when the proxy knows. */
async function kill(id: string): Promise<void> {
  const instance = (await tools.runtime.list('shop')).find((each) => each.id === id)
  if (instance?.state.kind !== 'running') throw new Error(`${id} does not run`)
  process.kill(instance.state.pid, 'SIGKILL')
  await until(
    async () => (await tools.router.read('shop'))?.instances.find((each) => each.id === id)?.health,
    (health) => health === 'down',
  )
}

it('gives a release nothing that too few of its instances would have to carry', async () => {
  await kill('shop.v2.1')
  expect(await stepFor(tools.steps, shift).do(shift, world, {})).toMatchObject({
    kind: 'no',
    problem: { code: 'instance-ended' },
  })
  expect(await weights()).toEqual({ v1: 10_000 })
})

it('waits for instances that come up', async () => {
  const said: string[] = []
  await perform({ kind: 'start-instances', release: 'v2', slots: all })
  const report = (progress: string) => said.push(progress)
  expect(await stepFor(tools.steps, shift).do(shift, world, { report })).toEqual({ kind: 'yes' })
  expect(said[0]).toBe('1 of 2 × v2 ready')
  expect(await weights()).toEqual({ v2: 10_000 })
})

it('gives back at once what those that are left can carry, starts the others, and then gives back all', async () => {
  await kill('shop.v1.1')
  const onTheWay: unknown[] = []
  const report = () => onTheWay.push(weights())
  await stepFor(tools.steps, shift).undo(shift, world, { report })
  expect((await Promise.all(onTheWay))[0]).toEqual({ v1: 5_000, v2: 5_000 })
  expect(await weights()).toEqual({ v1: 10_000 })
  expect((await tools.router.read('shop'))?.instances).toContainEqual(
    expect.objectContaining({ id: 'shop.v1.1', health: 'up' }),
  )
})

it('gives back all at once when nobody else can serve', async () => {
  await perform(shift)
  await Promise.all(['shop.v1.1', 'shop.v2.0', 'shop.v2.1'].map(kill))
  await stepFor(tools.steps, shift).undo(shift, world, { report: () => expect.fail('it waited') })
  expect(await weights()).toEqual({ v1: 10_000 })
})
