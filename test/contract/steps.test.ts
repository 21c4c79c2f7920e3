import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StepData } from '../../src/core/plan.ts'
import type { World } from '../../src/core/step.ts'
import type { Tools } from '../../src/engine/tools.ts'
import { stepFor } from '../../src/engine/work.ts'
import { worldOf } from '../../src/engine/world.ts'
import { freePort } from '../../src/lib/free-port.ts'
import { realWorld, type RealWorld } from '../support/real-world.ts'

const gate = { errors: 0.05, minRequests: 20 }
const gates = [
  {
    name: 'smoke',
    when: 'before',
    question: { kind: 'command', run: 'test -f server.js' },
    everyMs: 1_000,
    noAnswer: 'hold',
  },
] as const
const rollout = { strategy: 'rolling', batch: 1, surge: 1, gate, gates, bakeMs: 0 } as const

const preview = { host: '127.0.0.1', port: await freePort() }

describe('every step, done, undone and done again', () => {
  let real: RealWorld
  let tools: Tools
  let world: World

  beforeAll(async () => {
    real = await realWorld()
    tools = real.tools()
    world = worldOf(tools, 'shop')
    for (const id of ['v1', 'v2'])
      await tools.releases.add(await real.release(id, { rollout, instances: 2 }))
    await perform({ kind: 'start-instances', release: 'v1', slots: [0, 1] })
    await perform({ kind: 'wait-until-ready', release: 'v1', slots: [0, 1] })
    await perform({ kind: 'shift-traffic', from: {}, to: { v1: 10_000 } })
  })
  afterAll(async () => real.dispose())

  const perform = async (data: StepData) => {
    expect(await stepFor(tools.steps, data).do(data, world, {})).toMatchObject({ kind: 'yes' })
  }

  /** What there is now: instances, their place in the route, the shares and roles, and who answers. */
  const state = async () => {
    const route = (await tools.router.read('shop'))?.route
    return {
      running: (await tools.runtime.list('shop'))
        .map((each) => `${each.id} ${each.state.kind}`)
        .toSorted(),
      members: route?.instances.map((each) => `${each.id} ${each.state}`).toSorted(),
      weights: route?.weights,
      roles: route?.roles,
      preview: (await tools.router.read('shop.preview'))?.route,
      answer: await (
        await fetch(`http://127.0.0.1:${real.port}/`, { headers: { connection: 'close' } })
      ).text(),
    }
  }

  // In this order each begins where the one before it ended, as in a plan.
  const plan: StepData[] = [
    { kind: 'start-instances', release: 'v2', slots: [0, 1] },
    { kind: 'wait-until-ready', release: 'v2', slots: [0, 1] },
    { kind: 'open-preview', release: 'v2', slots: [0, 1], listen: preview },
    { kind: 'pass-gate', release: 'v2', gate: 'smoke', asks: 'command', moment: 'before 100%' },
    { kind: 'shift-traffic', from: { v1: 10_000 }, to: { v2: 10_000 } },
    { kind: 'ask-gate', release: 'v2', slots: [0, 1], hold: 0, gate },
    { kind: 'drain', release: 'v1', slots: [0, 1] },
    { kind: 'stop-instances', release: 'v1', slots: [0, 1] },
    { kind: 'close-preview', release: 'v2', slots: [0, 1], listen: preview },
  ]
  const changes = [
    'start-instances',
    'open-preview',
    'shift-traffic',
    'stop-instances',
    'close-preview',
  ]

  it.each(plan)('$kind comes out the same, and its undo leaves nothing of it', async (data) => {
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
    expect(await state()).toEqual(before)

    await perform(data)
    expect(await state()).toEqual(after)
  })

  it('knows the release it brings as the candidate before it has weight, and as stable at last', async () => {
    expect((await state()).roles).toEqual({ stable: 'v2' })
    await perform({ kind: 'start-instances', release: 'v1', slots: [0] })
    expect((await state()).roles).toEqual({ stable: 'v2', candidate: 'v1' })
  })

  it('says what it does in a few words', () => {
    expect(plan.map((data) => stepFor(tools.steps, data).describe(data))).toEqual([
      'start 2 × v2',
      'wait until 2 × v2 ready',
      `preview v2 at 127.0.0.1:${preview.port}`,
      'ask smoke (command) before 100%',
      'shift 100% → v2',
      'gate errors of v2 ≤ 5%',
      'drain 2 × v1',
      'stop 2 × v1',
      `end the preview at 127.0.0.1:${preview.port}`,
    ])
  })
})
