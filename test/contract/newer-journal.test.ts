import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Plan } from '../../src/core/plan.ts'
import type { Rollout } from '../../src/core/rollout.ts'
import { Controller } from '../../src/engine/controller.ts'
import type { Tools } from '../../src/engine/tools.ts'
import { realWorld, type RealWorld } from '../support/real-world.ts'
import { until } from '../support/until.ts'

const gate = { errors: 0.05, minRequests: 20 }
const rollout = { strategy: 'rolling', batch: 1, surge: 1, gate, bakeMs: 0 } as const

describe('a rollout that a newer Midflight began', () => {
  let real: RealWorld
  let tools: Tools
  let controller: Controller
  let begun: Rollout
  const said: string[] = []

  beforeAll(async () => {
    real = await realWorld()
    const before = real.tools()
    const first = new Controller(before)
    await first.start()
    const { spec } = await real.release('unused-1', { rollout })
    const { id } = await first.deploy({ spec }, 'refuse')
    await until(
      async () => (await before.rollouts.read(id))?.state.phase,
      (phase) => phase === 'finished',
    )
    await first.stop()
    await before.releases.add(await real.release('v2', { rollout }))
    const steps = [
      { kind: 'start-instances', release: 'v2', slots: [0] },
      { kind: 'move-the-moon', release: 'v2', slots: [0] },
    ] as unknown as Plan['steps']
    const plan: Plan = { service: 'shop', strategy: 'rolling', from: 'v1', to: 'v2', steps }
    const baseline = { counts: {}, held: 0, refused: 0 }
    begun = await before.rollouts.open(plan, 'deploy', baseline)
    tools = { ...real.tools(), log: (message, data) => said.push(JSON.stringify([message, data])) }
    controller = new Controller(tools)
    await controller.start()
  }, 60_000)
  afterAll(async () => {
    await controller.stop()
    await real.dispose()
  })

  it('is not touched, and the log says once why', async () => {
    await until(
      async () => said,
      (lines) => lines.length > 0,
    )
    expect(said).toEqual([expect.stringMatching(/knows no step \\"move-the-moon\\"/) as string])
    expect(await tools.journal.read(begun.id)).toEqual([])
    expect((await tools.runtime.list('shop')).map((each) => each.id)).toEqual(['shop.v1.0'])
  })

  it('leaves the traffic where it is, and the instances looked after', async () => {
    const [instance] = await tools.runtime.list('shop')
    if (instance?.state.kind !== 'running') throw new Error('nothing runs')
    process.kill(instance.state.pid, 'SIGKILL')
    await until(
      async () => (await tools.runtime.list('shop'))[0],
      (now) => now?.state.kind === 'running' && now.generation !== instance.generation,
    )
    const answer = await fetch(`http://127.0.0.1:${real.port}/`, {
      headers: { connection: 'close' },
    })
    expect(await answer.text()).toBe('v1')
  })

  it('lets nobody begin another one, and says what to do', async () => {
    const { spec } = await real.release('unused-2', { rollout })
    await expect(controller.deploy({ spec }, 'refuse')).rejects.toMatchObject({
      code: 'journal-newer',
      hint: expect.stringContaining('Start the newer version again') as string,
    })
    await expect(controller.rollback('shop', 'refuse', { to: 'v2' })).rejects.toMatchObject({
      code: 'journal-newer',
    })
  })

  it('is refused by its marks too', async () => {
    const database = new DatabaseSync(join(real.stateDirectory, 'state.db'))
    database
      .prepare(
        'insert into journal select ?, 1, 0, fence, \'{"mark":"dreamt","step":0}\' from lease',
      )
      .run(begun.id)
    database.close()
    await expect(controller.status('shop')).rejects.toMatchObject({ code: 'journal-newer' })
  })
})
