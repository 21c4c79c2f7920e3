import { afterAll, beforeAll, expect, it } from 'vitest'
import { Controller } from '../../src/engine/controller.ts'
import type { Tools } from '../../src/engine/tools.ts'
import { freePort } from '../../src/lib/free-port.ts'
import { isListening } from '../support/is-listening.ts'
import { realWorld, type RealWorld } from '../support/real-world.ts'
import { until } from '../support/until.ts'

let real: RealWorld
let tools: Tools
let controller: Controller
let port: number

beforeAll(async () => {
  real = await realWorld()
  tools = real.tools()
  controller = new Controller(tools)
  port = await freePort()
  await controller.start()
  await finished(await deploy())
})
afterAll(async () => {
  await controller.stop()
  await real.dispose()
})

async function deploy(): Promise<number> {
  const { spec } = await real.release(`unused-${Date.now()}`, {
    instances: 2,
    rollout: {
      strategy: 'canary',
      steps: [
        { share: 1, hold: 'until-promoted' },
        { share: 6_000, hold: 'until-promoted' },
      ],
      gate: { errors: 0.05, minRequests: 20 },
      bakeMs: 0,
      preview: { host: '127.0.0.1', port },
    },
  })
  return (await controller.deploy({ spec }, 'refuse')).id
}

const finished = async (id: number) =>
  until(
    async () => (await tools.rollouts.read(id))?.state,
    (state) => state?.phase === 'finished',
  )
const at = async (where: number) => {
  const answer = await fetch(`http://127.0.0.1:${where}/`, { headers: { connection: 'close' } })
  return answer.text()
}
const share = async (release: string, wanted: number) =>
  until(
    async () => (await tools.router.read('shop'))?.route.weights[release],
    (each) => each === wanted,
  )

it('serves the new release alone while it is a candidate, and is gone when it was taken back', async () => {
  const rollout = await deploy()
  await share('v2', 1)
  expect([await at(port), await at(port), await at(real.port)]).toEqual(['v2', 'v2', 'v1'])
  // Nobody who looks at a preview is counted or judged.
  expect((await tools.router.read('shop'))?.counts['v2']?.requests ?? 0).toBe(0)

  controller.abort('shop', 'seen enough')
  expect(await finished(rollout)).toMatchObject({ outcome: 'undone' })
  expect(await isListening(port)).toBe(false)
  expect(await at(real.port)).toBe('v1')
})

it('is gone when the rollout was promoted, fully by one word', async () => {
  const rollout = await deploy()
  await share('v3', 1)
  expect(await at(port)).toBe('v3')
  controller.promote('shop', 'someone', 'all')
  expect(await finished(rollout)).toMatchObject({ outcome: 'promoted' })
  expect(await isListening(port)).toBe(false)
  expect(await at(real.port)).toBe('v3')
})

it('takes the rollout back when its port is taken', async () => {
  const free = port
  port = real.port
  expect(await finished(await deploy())).toMatchObject({
    outcome: 'undone',
    because: { code: 'port-in-use' },
  })
  port = free
  expect(await at(real.port)).toBe('v3')
})
