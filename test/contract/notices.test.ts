import { expect, it, onTestFinished } from 'vitest'
import type { Notice } from '../../src/core/notifier.ts'
import { Controller } from '../../src/engine/controller.ts'
import { answeringServer } from '../support/answering-server.ts'
import { realWorld } from '../support/real-world.ts'
import { until } from '../support/until.ts'

const gate = { errors: 0.05, minRequests: 20 }
const rollout = { strategy: 'blue-green', gate, bakeMs: 0, warmMs: 0 } as const
const all = ['begun', 'paused', 'promoted', 'undone', 'stuck'] as const

it('tells of a rollout from its begin to its end, and holds nothing up when nobody answers', async () => {
  const real = await realWorld()
  onTestFinished(async () => real.dispose())
  const hook = await answeringServer((answer) => answer.end())
  const dead = await answeringServer(() => undefined)
  const tools = real.tools()
  const controller = new Controller(tools)
  await controller.start()
  onTestFinished(async () => controller.stop())

  const { spec } = await real.release('unused', { rollout })
  const notify = [dead, hook].map(({ url }) => ({ by: 'webhook', url, on: all }) as const)
  const { id } = await controller.deploy({ spec: { ...spec, notify }, by: 'anna' }, 'refuse')
  await until(
    async () => tools.rollouts.read(id),
    (read) => read?.state.phase === 'finished',
  )
  await until(
    async () => hook.asked.length,
    (asked) => asked === 2,
  )
  const told = hook.asked.map(({ body }) => JSON.parse(body) as Notice)
  expect(told).toMatchObject([
    { occasion: 'begun', service: 'shop', to: 'v1', by: 'anna' },
    { occasion: 'promoted', service: 'shop', to: 'v1', ledger: { failed: 0 } },
  ])
  expect(told[0]?.text).toBe(`shop: rollout ${id} to v1 has begun, asked by anna.`)
  expect(dead.asked.length).toBeGreaterThan(0)

  const account = await controller.why(id)
  expect(account.rollout).toMatchObject({ by: 'anna', state: { outcome: 'promoted' } })
  expect(account.journal.at(-1)).toMatchObject({ mark: 'done' })
})
