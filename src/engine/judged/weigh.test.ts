import { expect, it } from 'vitest'
import { fakeClock } from '../../../test/support/fake-clock.ts'
import type { Tools } from '../tools.ts'
import { weigh } from './weigh.ts'

const HOUR = 3_600_000
const READY = { path: '/', intervalMs: 50, timeoutMs: 2_000, up: 1, down: 2, startupMs: 1_000 }

interface Seen {
  readonly id: string
  readonly lagMs?: number
}

/** These instances run, of the first release of their names, and the router knows some of them. */
function toolsWith(seen: readonly Seen[], ready = {}): Pick<Tools, 'runtime' | 'router' | 'clock'> {
  const clock = fakeClock()
  const running = ['shop.v1.0', 'shop.v2.0', 'shop.v3.0'].map((id) => ({
    id,
    release: id.slice(5, 7),
    startedAtMs: clock.now() - HOUR,
    state: { kind: 'running', pid: 1 },
  }))
  const route = { ready: READY, instances: seen.map(({ id }) => ({ id, ...ready })) }
  return {
    clock,
    runtime: {
      list: async () => running,
      measure: async () => ({ cpuMs: 1, memoryBytes: 100, descriptors: { open: 3, most: 10 } }),
    } as unknown as Tools['runtime'],
    router: { read: async () => ({ route, instances: seen }) } as unknown as Tools['router'],
  }
}

it('tells the age of each instance, what it uses, and how much is left', async () => {
  const tools = toolsWith([{ id: 'shop.v1.0', lagMs: 500 }])
  const [old, next, ...others] = await weigh(tools, 'shop', ['v1', 'v2'])
  expect(old).toEqual({
    instance: 'shop.v1.0',
    release: 'v1',
    ageMs: HOUR,
    used: { memory: 100, descriptors: 3, lag: 500 },
    left: { descriptors: 7, lag: 1_500 },
  })
  // Nobody has checked it yet.
  expect(next?.used).toEqual({ memory: 100, descriptors: 3 })
  expect(others).toEqual([])
})

it('tells that nothing is left of the time for a check that was too late', async () => {
  const ready = { ...READY, timeoutMs: 300 }
  const [old] = await weigh(toolsWith([{ id: 'shop.v1.0', lagMs: 300 }], { ready }), 'shop', ['v1'])
  expect(old?.left.lag).toBe(0)
})
