import { expect, it } from 'vitest'
import { fakeClock } from '../../test/support/fake-clock.ts'
import { Crew } from './crew.ts'
import { Keeper } from './keeper.ts'
import type { World } from '../core/step.ts'
import { turns } from '../lib/turns.ts'
import type { Tools } from './tools.ts'

it('goes on looking after everything when the store cannot be read for a while, and says so', async () => {
  const over = new AbortController()
  const said: string[] = []
  let looks = 0
  const tools = {
    clock: fakeClock(),
    log: (message: string, data: object) => said.push(`${message} ${JSON.stringify(data)}`),
    rollouts: { unfinished: async () => [] },
    services: {
      list: async () => {
        looks += 1
        if (looks === 2) over.abort()
        throw new Error('disk I/O error')
      },
    },
  } as unknown as Tools
  await new Keeper(tools, new Crew(tools)).keep(over.signal)
  expect(looks).toBe(2)
  expect(said[0]).toBe(
    'could not look after it {"what":"services","error":"Error: disk I/O error"}',
  )
})

it('lets a rollout take away what it has just replaced, so that no route keeps what is gone', async () => {
  const over = new AbortController()
  const inTurn = turns()
  const exclusive: Tools['exclusive'] = (service) => async (work) => inTurn(service, work)
  const member = { id: 'shop.v1.0', release: 'v1', state: 'serving' }
  let members = [member]
  const leaves: Promise<void>[] = []
  const tools = {
    clock: fakeClock(),
    log: (what: string) => {
      if (what === 'instance replaced') over.abort()
    },
    exclusive,
    rollouts: { unfinished: async () => [] },
    services: {
      list: async () => [{ spec: { name: 'shop' } }],
      read: async () => ({ live: 'v1' }),
    },
    releases: { read: async () => ({ service: 'shop', id: 'v1' }) },
    router: { read: async () => ({ route: { instances: members } }) },
    runtime: { list: async () => [{ ...member, slot: 0, state: { kind: 'ended' } }] },
    steps: {
      'start-instances': {
        do: async (_data: object, world: World) => {
          // The rollout wants to stop the same instance while its successor is being started.
          leaves.push(exclusive('shop')(async () => void (members = [])))
          await new Promise(setImmediate)
          await world.exclusive(async () => void (members = [member]))
        },
      },
    },
  } as unknown as Tools
  const crew = {
    isRunning: () => true,
    planOf: () => undefined,
    alone: async (_service: string, decide: () => Promise<unknown>) => decide(),
  } as unknown as Crew
  await new Keeper(tools, crew).keep(over.signal)
  await Promise.all(leaves)
  expect({ asked: leaves.length, members }).toEqual({ asked: 1, members: [] })
})
