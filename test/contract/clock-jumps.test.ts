import { describe, expect, it } from 'vitest'
import type { Clock } from '../../src/core/clock.ts'
import type { World } from '../../src/core/step.ts'
import { Crew } from '../../src/engine/crew.ts'
import { Keeper } from '../../src/engine/keeper.ts'
import type { Tools } from '../../src/engine/tools.ts'
import { askGate } from '../../src/steps/ask-gate.ts'
import { drain } from '../../src/steps/drain.ts'
import { waitUntilReady } from '../../src/steps/wait-until-ready.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { type Moment, scriptedWorld } from '../support/scripted-world.ts'

const HOUR_MS = 3_600_000
const slots = { release: 'v2', slots: [0] } as const
const gate = { errors: 0.05, minRequests: 20 }

/** The clock of the machine is set by `ms` in the first nap, as a time server does it. */
function jumpingClock(ms: number): Clock {
  const clock = fakeClock()
  let hasJumped = false
  const sleep: Clock['sleep'] = async (forMs, options) => {
    await clock.sleep(forMs, options)
    if (!hasJumped) clock.jump(ms)
    hasJumped = true
  }
  return { ...clock, sleep }
}

function worldIn(clock: Clock, ...moments: readonly Moment[]): World {
  return { ...scriptedWorld(moments), clock }
}

describe.each([
  ['forward', HOUR_MS],
  ['back', -HOUR_MS],
])('a clock of the machine that jumps an hour %s', (_, jumpMs) => {
  const spent = async (clock: Clock, act: () => Promise<unknown>) => {
    const begun = clock.steadyNow()
    await act()
    return clock.steadyNow() - begun
  }

  it('changes nothing of a hold', async () => {
    const clock = jumpingClock(jumpMs)
    const data = { kind: 'ask-gate', ...slots, hold: 60_000, gate } as const
    const took = await spent(clock, async () => askGate.do(data, worldIn(clock, {}), {}))
    expect(took).toBeGreaterThanOrEqual(60_000)
    expect(took).toBeLessThan(61_000)
  })

  it('changes nothing of the time an instance has to get ready', async () => {
    const clock = jumpingClock(jumpMs)
    const world = worldIn(clock, { instances: [{ health: 'unproven' }] })
    const { startupMs } = (await world.release('v2')).spec.ready
    const data = { kind: 'wait-until-ready', ...slots } as const
    const took = await spent(clock, async () => waitUntilReady.do(data, world, {}))
    expect(took).toBeGreaterThanOrEqual(startupMs)
    expect(took).toBeLessThan(startupMs + 1_000)
  })

  it('changes nothing of a drain', async () => {
    const clock = jumpingClock(jumpMs)
    const world = worldIn(clock, { instances: [{ requests: 1 }] })
    const { drainMs } = (await world.release('v2')).spec.stop
    const took = await spent(clock, async () => drain.do({ kind: 'drain', ...slots }, world, {}))
    expect(took).toBeGreaterThanOrEqual(drainMs)
    expect(took).toBeLessThan(drainMs + 1_000)
  })

  it('neither ends what is warm nor keeps it longer', async () => {
    const clock = jumpingClock(jumpMs)
    const begun = clock.steadyNow()
    expect((await endOfWarm(clock, 30_000)) - begun).toBe(30_000)
  })
})

/** When the keeper ends a release that is warm for so long, by the clock that does not jump. */
async function endOfWarm(clock: Clock, warmMs: number): Promise<number> {
  const over = new AbortController()
  const record = { spec: { name: 'shop' }, warm: { release: 'v1', untilMs: clock.now() + warmMs } }
  let endedAtMs = NaN
  const tools = {
    clock,
    // What the keeper could not do would be tried again for ever.
    log: (message: string) => {
      if (message.startsWith('could not')) over.abort()
    },
    groups: { unfinished: async () => [] },
    rollouts: { unfinished: async () => [] },
    releases: { read: async () => undefined },
    runtime: { list: async () => [] },
    router: { read: async () => undefined },
    steps: { 'start-instances': { undo: async () => undefined } },
    exclusive: () => async (work: () => Promise<void>) => work(),
    services: {
      list: async () => [record],
      read: async () => record,
      write: async () => {
        endedAtMs = clock.steadyNow()
        over.abort()
      },
    },
  } as unknown as Tools
  await new Keeper(tools, new Crew(tools)).keep(over.signal)
  return endedAtMs
}
