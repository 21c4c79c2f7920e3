import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StepData } from '../../src/core/plan.ts'
import type { World } from '../../src/core/step.ts'
import type { Tools } from '../../src/engine/tools.ts'
import { stepFor } from '../../src/engine/work.ts'
import { worldOf } from '../../src/engine/world.ts'
import { AT_ONCE } from '../support/controlled.ts'
import { realWorld, type RealWorld } from '../support/real-world.ts'

describe('every step of a worker, done, undone and done again', () => {
  let real: RealWorld
  let tools: Tools
  let world: World

  beforeAll(async () => {
    real = await realWorld()
    tools = real.tools()
    world = worldOf(tools, 'shop')
    for (const id of ['v1', 'v2']) {
      const made = await real.release(id, { rollout: AT_ONCE })
      const { listen: _, ...spec } = made.spec
      const run = 'exec node -e "setInterval(() => 0, 1000)"'
      await tools.releases.add({
        ...made,
        spec: { ...spec, run, ready: { ...spec.ready, aliveMs: 200 } },
      })
    }
    await perform({ kind: 'start-instances', release: 'v1', slots: [0, 1] })
  }, 60_000)
  afterAll(async () => real.dispose(), 60_000)

  const perform = async (data: StepData) => {
    expect(await stepFor(tools.steps, data).do(data, world, {})).toMatchObject({ kind: 'yes' })
  }
  const state = async () => ({
    running: (await tools.runtime.list('shop')).map(({ id, state: { kind } }) => `${id} ${kind}`),
    route: await tools.router.read('shop'),
  })

  const plan: StepData[] = [
    { kind: 'start-instances', release: 'v2', slots: [0, 1] },
    { kind: 'wait-until-ready', release: 'v2', slots: [0, 1] },
    { kind: 'watch-instances', release: 'v2', slots: [0, 1], hold: 200 },
    { kind: 'stop-instances', release: 'v1', slots: [0, 1] },
  ]
  const changes = ['start-instances', 'stop-instances']

  it.each(plan)(
    '$kind comes out the same, and the proxy knows nothing of it',
    async (data) => {
      const step = stepFor(tools.steps, data)
      const before = await state()
      await perform(data)
      const after = await state()
      if (changes.includes(data.kind)) expect(await step.verify(data, world)).toBe(true)
      await perform(data)
      expect(await state()).toEqual(after)

      await step.undo(data, world, {})
      await step.undo(data, world, {})
      if (changes.includes(data.kind)) expect(await step.verify(data, world)).toBe(false)
      expect((await state()).running.toSorted()).toEqual(before.running.toSorted())

      await perform(data)
      expect(await state()).toMatchObject({ route: undefined })
    },
    60_000,
  )

  it('says no when one ends by itself, within the hold', async () => {
    const [instance] = await tools.runtime.list('shop')
    if (instance?.state.kind !== 'running') throw new Error('nothing runs')
    process.kill(instance.state.pid, 'SIGKILL')
    const data = {
      kind: 'watch-instances',
      release: 'v2',
      slots: [0, 1],
      hold: 'until-promoted',
    } as const
    const verdict = await stepFor(tools.steps, data).do(data, world, {})
    expect(verdict).toMatchObject({ kind: 'no', problem: { code: 'instance-ended' } })
  }, 60_000)

  it('ends its watch at once when a person promotes', async () => {
    await tools.runtime.stop('shop.v2.0', { drainMs: 0, signal: 'SIGTERM', killMs: 1_000 })
    const data = {
      kind: 'watch-instances',
      release: 'v2',
      slots: [0, 1],
      hold: 'until-promoted',
    } as const
    const step = stepFor(tools.steps, data)
    expect(step.describe(data)).toBe('watch 2 × v2, until promoted')
    expect(step.describe({ ...data, hold: 10_000 })).toBe('watch 2 × v2 for 10s')
    expect(await step.do(data, world, { hurry: AbortSignal.abort() })).toMatchObject({
      kind: 'yes',
    })
  })
})
