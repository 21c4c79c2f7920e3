import { describe, expect, it } from 'vitest'
import { anApp, AT_ONCE, controlledForAll } from '../support/controlled.ts'
import { until } from '../support/until.ts'
import { freePort } from '../../src/lib/free-port.ts'

const BAKING = { ...AT_ONCE, bakeMs: 600_000 }
const STEPS = {
  strategy: 'canary',
  gate: AT_ONCE.gate,
  bakeMs: 0,
  steps: [
    { share: 2_000, hold: 'until-promoted' },
    { share: 4_000, hold: 'until-promoted' },
  ],
} as const

describe('a deploy that changes no code', () => {
  const shop = controlledForAll()

  it('changes the environment alone', async () => {
    const app = anApp('s.end(process.env.COLOUR)')
    const run = 'exec node -e "$APP"'
    await shop().promoted({ run, env: { APP: app, COLOUR: 'red' } })
    expect(await shop().answer()).toBe('red')
    await shop().promoted({ run, env: { APP: app, COLOUR: 'blue' } })
    expect(await shop().answer()).toBe('blue')
  })

  it('changes the number of instances while another rollout is baking, and takes its place', async () => {
    const first = await shop().deploy({ rollout: BAKING })
    await shop().gets(first.plan.to)
    const second = await shop().deploy({ instances: 3 }, 'supersede')
    expect(await shop().ended(first)).toMatchObject({ outcome: 'undone' })
    expect(await shop().ended(second)).toMatchObject({ outcome: 'promoted' })
    const { to } = second.plan
    expect(await shop().running()).toEqual([0, 1, 2].map((slot) => `shop.${to}.${slot} running`))
    expect(await shop().answer()).toBe(to)
  })

  it('waits for the other one when it may, and scales down in the end', async () => {
    const first = await shop().deploy({ instances: 2, rollout: BAKING })
    await shop().gets(first.plan.to)
    const queued = shop().deploy({ instances: 1 }, 'queue')
    await shop().inHold(first, 10_000)
    shop().controller.promote('shop')
    const second = await queued
    expect(await shop().ended(first)).toMatchObject({ outcome: 'promoted' })
    expect(await shop().ended(second)).toMatchObject({ outcome: 'promoted' })
    expect(await shop().running()).toEqual([`shop.${second.plan.to}.0 running`])
  })

  it('changes the address, and the old one is closed', async () => {
    const port = await freePort()
    await shop().promoted({ listen: { host: '127.0.0.1', port } })
    const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })
    expect(answer.status).toBe(200)
    await expect(shop().answer()).rejects.toThrow('fetch failed')
  })

  it('may have users who come by IPv6', async () => {
    const port = await freePort()
    const { plan } = await shop().promoted({ listen: { host: '::1', port } })
    const answer = await fetch(`http://[::1]:${port}/`, { headers: { connection: 'close' } })
    expect(await answer.text()).toBe(plan.to)
  })
}, 120_000)

describe('a rollback', () => {
  const shop = controlledForAll()

  it('of a rollback brings back what was rolled back', async () => {
    const one = await shop().promoted()
    const two = await shop().promoted()
    const back = await shop().controller.rollback('shop', 'refuse')
    expect(await shop().ended(back)).toMatchObject({ outcome: 'promoted' })
    expect(await shop().answer()).toBe(one.plan.to)
    const again = await shop().controller.rollback('shop', 'refuse')
    expect(await shop().ended(again)).toMatchObject({ outcome: 'promoted' })
    expect(await shop().answer()).toBe(two.plan.to)
  })
}, 120_000)

describe('two who promote', () => {
  const shop = controlledForAll()

  it('at once end one hold, and the second is told', async () => {
    await shop().promoted({ instances: 2 })
    const rollout = await shop().deploy({ instances: 2, rollout: STEPS })
    await shop().inHold(rollout, 2_000)
    // Again and again: as often as the hold still runs it is the same promotion, and the first one after it is refused.
    await until(
      async () => promoted(),
      (done) => !done,
    )
    await shop().inHold(rollout, 4_000)
    await until(
      async () => promoted(),
      (done) => done,
    )
    expect(await shop().ended(rollout)).toMatchObject({ outcome: 'promoted' })
  })

  it('after the end is told how it ended, and nothing moves', async () => {
    const last = (await shop().tools.rollouts.list('shop', { limit: 1 }))[0]
    expect(() => shop().controller.promote('shop')).toThrow(
      expect.objectContaining({
        code: 'no-rollout',
        message: `no rollout of shop is running; rollout ${last?.id} (v2) ended promoted`,
      }),
    )
    expect(await shop().answer()).toBe('v2')
  })

  /** Not so when it comes right after a promotion that ended another hold. */
  function promoted(): boolean {
    try {
      shop().controller.promote('shop')
      return true
    } catch (error) {
      if ((error as { code?: unknown }).code === 'promoted-already') return false
      throw error
    }
  }
}, 120_000)
