import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Journal } from '../../src/core/journal.ts'
import type { Rollout } from '../../src/core/rollout.ts'
import type { RolloutSpec } from '../../src/core/rollout-spec.ts'
import { Controls } from '../../src/engine/controls.ts'
import { planFor, readNow } from '../../src/engine/now.ts'
import { run } from '../../src/engine/run.ts'
import type { Tools } from '../../src/engine/tools.ts'
import { readBaseline, worldOf } from '../../src/engine/world.ts'
import { realWorld, type RealWorld } from '../support/real-world.ts'

const gate = { errors: 0.05, minRequests: 20 }
const rolling: RolloutSpec = { strategy: 'rolling', batch: 1, surge: 1, gate, bakeMs: 0 }
const canary: RolloutSpec = {
  strategy: 'canary',
  steps: [{ share: 5_000, hold: 0 }],
  gate,
  bakeMs: 0,
}

/** A gate that holds the rollout until a person goes on without it, and one that is asked beside the watch. */
const asking: RolloutSpec = {
  ...canary,
  gates: [
    { ...aGate('silent', 'kill -KILL $$'), when: 'before', at: 5_000 },
    { ...aGate('content', 'true'), when: 'during', at: 10_000 },
  ],
}

function aGate(name: string, command: string) {
  const question = { kind: 'command', run: command } as const
  return { name, question, everyMs: 1_000, noAnswer: 'hold' } as const
}

/** A controller dies before or after it has written its n-th mark. It writes nothing more; another one takes over. */
interface Crash {
  readonly at: number
  readonly when: 'before' | 'after'
}

describe.each([
  ['a rolling rollout', rolling, 'promoted'],
  ['a canary', canary, 'promoted'],
  ['a rollout that is aborted', canary, 'undone'],
  ['a rollout with a gate that has no answer', asking, 'promoted'],
] as const)('%s', (_, spec, outcome) => {
  let real: RealWorld
  let number = 1

  beforeAll(async () => {
    real = await realWorld()
    await rollOut(real.tools(), 'v1', rolling)
  })
  afterAll(async () => real.dispose())

  it('ends the same wherever its controller dies', async () => {
    let crashes = 0
    for (let moment = 0; ; moment += 1) {
      number += 1
      const from = (await real.tools().services.read('shop'))?.live ?? ''
      const to = `v${number}`
      const when = moment % 2 === 0 ? 'before' : 'after'
      const crash: Crash = { at: Math.floor(moment / 2), when }
      if (!(await rollOut(real.tools(), to, spec, { crash, outcome }))) break
      crashes += 1
      expect(await endState(real.tools())).toEqual({
        live: outcome === 'promoted' ? to : from,
        running: [`shop.${outcome === 'promoted' ? to : from}.0`],
        weights: { [outcome === 'promoted' ? to : from]: 10_000 },
        roles: { stable: outcome === 'promoted' ? to : from },
        members: [`shop.${outcome === 'promoted' ? to : from}.0 serving`],
        answer: outcome === 'promoted' ? to : from,
        outcome,
      })
    }
    expect(crashes).toBeGreaterThan(20)
  }, 120_000)

  async function rollOut(
    tools: Tools,
    id: string,
    how: RolloutSpec,
    {
      crash,
      outcome: wanted = 'promoted',
    }: { crash?: Crash; outcome?: 'promoted' | 'undone' } = {},
  ): Promise<boolean> {
    const release = await real.release(id, { rollout: how })
    await tools.releases.add(release)
    const plan = planFor(tools.strategies, await readNow(tools, 'shop'), release, how)
    const rollout = await tools.rollouts.open(plan, 'deploy', await readBaseline(tools, 'shop'))
    const abortAt = wanted === 'undone' ? plan.steps.length - 2 : undefined
    if (!crash) {
      await execute(tools, rollout, tools.journal, abortAt)
      return false
    }
    const dying = dyingJournal(tools.journal, crash)
    await execute(tools, rollout, dying.journal, abortAt).catch((error: unknown) => {
      if (!dying.isDead()) throw error
    })
    if (!dying.isDead()) return false
    const next = real.tools()
    const found = await next.rollouts.read(rollout.id)
    if (found) await execute(next, found, next.journal, abortAt)
    return true
  }

  async function endState(tools: Tools) {
    const route = (await tools.router.read('shop'))?.route
    const state = (await tools.rollouts.list('shop'))[0]?.state
    return {
      live: (await tools.services.read('shop'))?.live,
      running: (await tools.runtime.list('shop')).map((each) => each.id),
      weights: route?.weights,
      roles: route?.roles,
      members: route?.instances.map((each) => `${each.id} ${each.state}`),
      answer: await (
        await fetch(`http://127.0.0.1:${real.port}/`, { headers: { connection: 'close' } })
      ).text(),
      outcome: state?.phase === 'finished' ? state.outcome : state?.phase,
    }
  }
})

async function execute(
  tools: Tools,
  rollout: Rollout,
  journal: Journal,
  abortAt?: number,
): Promise<void> {
  const controls = new Controls()
  const release = await tools.releases.read('shop', rollout.plan.to)
  const before = await tools.services.read('shop')
  if (!release) throw new Error('the release was not written')
  await run({
    rollout,
    journal,
    controls,
    world: worldOf(tools, 'shop', { baseline: rollout.baseline }),
    steps: tools.steps,
    rollouts: tools.rollouts,
    records: {
      promoted: { spec: release.spec, live: release.id },
      undone: before ?? { spec: release.spec },
    },
    emit: (event) => {
      if (event.event === 'step' && event.state === 'begun' && event.step === abortAt)
        controls.abort('test')
      if (event.event === 'paused') controls.promote()
    },
  })
}

/** Once dead, it stays dead: whatever the old controller still tries to write fails. */
function dyingJournal(
  journal: Journal,
  { at, when }: Crash,
): { journal: Journal; isDead: () => boolean } {
  let written = 0
  let isDead = false
  const die = () => {
    isDead = true
    throw new Error('killed')
  }
  return {
    isDead: () => isDead,
    journal: {
      read: async (rollout) => journal.read(rollout),
      append: async (rollout, mark) => {
        if (isDead || (when === 'before' && written === at)) die()
        await journal.append(rollout, mark)
        if (when === 'after' && written === at) die()
        written += 1
      },
    },
  }
}
