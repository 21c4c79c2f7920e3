import { afterAll, beforeAll, expect, it } from 'vitest'
import type { StepData } from '../../src/core/plan.ts'
import type { World } from '../../src/core/step.ts'
import { stepFor } from '../../src/engine/work.ts'
import { worldOf } from '../../src/engine/world.ts'
import { steps } from '../../src/steps/all.ts'
import { realWorld, type RealWorld } from '../support/real-world.ts'

const gate = { errors: 0.05, minRequests: 20 }
const rollout = { strategy: 'blue-green', gate, bakeMs: 0, warmMs: 0 } as const
const when = { header: { 'x-beta': { kind: 'exact', value: '1' } } } as const
const traffic = { rules: [{ when, to: 'candidate' }] } as const

let real: RealWorld
let world: World

// On unix sockets, so that the whole way of a request through one is walked too.
beforeAll(async () => {
  real = await realWorld()
  const tools = real.tools()
  world = worldOf(tools, 'shop')
  for (const id of ['v1', 'v2'])
    await tools.releases.add(await real.release(id, { rollout, traffic, reach: 'socket' }))
  await perform(bring('v1'), ready('v1'), shift({}, { v1: 10_000 }))
})
afterAll(async () => real.dispose())

const bring = (release: string) => ({ kind: 'start-instances', release, slots: [0] }) as const
const ready = (release: string) => ({ kind: 'wait-until-ready', release, slots: [0] }) as const
const shift = (from: Record<string, number>, to: Record<string, number>) =>
  ({ kind: 'shift-traffic', from, to }) as const

async function perform(...plan: StepData[]): Promise<void> {
  for (const data of plan)
    expect(await stepFor(steps, data).do(data, world, {})).toMatchObject({ kind: 'yes' })
}

async function answers(headers: Record<string, string>): Promise<string> {
  const asked = { headers: { connection: 'close', ...headers } }
  return (await fetch(`http://127.0.0.1:${real.port}/`, asked)).text()
}

const beta = { 'x-beta': '1' }

it('a rule for the candidate finds nobody but the release that serves, between rollouts', async () => {
  expect(await answers(beta)).toBe('v1')
})

it('a rule for the candidate reaches the new release before it has any share', async () => {
  await perform(bring('v2'), ready('v2'))
  expect([await answers({}), await answers(beta)]).toEqual(['v1', 'v2'])
})

it('nobody is sent to a candidate that was taken back', async () => {
  await stepFor(steps, bring('v2')).undo(bring('v2'), world, {})
  expect([await answers({}), await answers(beta)]).toEqual(['v1', 'v1'])
})

it('everybody gets the candidate when it becomes stable', async () => {
  await perform(bring('v2'), ready('v2'), shift({ v1: 10_000 }, { v2: 10_000 }))
  expect([await answers({}), await answers(beta)]).toEqual(['v2', 'v2'])
})
