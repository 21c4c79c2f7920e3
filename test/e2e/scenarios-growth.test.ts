import { describe, expect, it } from 'vitest'
import type { GrowthGrounds, JudgeSpec } from '../../src/core/judge.ts'
import type { CanarySpec } from '../../src/core/rollout-spec.ts'
import { anApp, AT_ONCE, Controlled } from '../support/controlled.ts'

/** At least 5 MB a second, and more where that would not fill this machine within three quarters of an hour. */
const LEAK = Math.max(5e6, Math.round(process.availableMemory() / 2_700))
const EACH_MS = 200

const WATCHED: JudgeSpec = {
  alpha: 0.001,
  errors: true,
  refusals: true,
  memory: true,
  early: false,
  inconclusive: 'go-on',
}

/** A tenth of the users for so long, then all. */
const canary = (hold: number): CanarySpec => ({
  strategy: 'canary',
  gate: AT_ONCE.gate,
  bakeMs: 0,
  judge: WATCHED,
  steps: [{ share: 1_000, hold }],
})

const leaking = `const kept = []; setInterval(() => kept.push(Buffer.alloc(${(LEAK * EACH_MS) / 1000}, 1)), ${EACH_MS}); ${anApp("s.end('leaks')")}`
/** As big as the other one when it is condemned. */
const big = `const kept = Buffer.alloc(${LEAK * 40}, 1); ${anApp("s.end('big')")}`

const leakingWorker = `const kept = []; setInterval(() => kept.push(Buffer.alloc(${(LEAK * EACH_MS) / 1000}, 1)), ${EACH_MS})`

/** Ten milliseconds more each second, of the thousand that a check may take. */
const slowing = `const begun = Date.now(); ${anApp("setTimeout(() => s.end('late'), (Date.now() - begun) / 100)")}`

async function givenV1(onTestFinished: (end: () => Promise<void>) => void): Promise<Controlled> {
  const shop = await Controlled.open()
  onTestFinished(() => shop.end())
  expect((await shop.promoted()).plan.to).toBe('v1')
  // The judge begins where somebody is served.
  expect(await shop.answer()).toBe('v1')
  return shop
}

/** Deploys what grows, and tells why it was taken back. */
async function condemned(
  shop: Controlled,
  app: string,
): Promise<{ readonly message: string; readonly grounds: GrowthGrounds }> {
  const rollout = await shop.deploy({ app, rollout: canary(90_000) })
  const { outcome, because } = await shop.ended(rollout)
  if (because?.code !== 'release-grows') throw new Error(JSON.stringify({ outcome, because }))
  const { grounds } = because.data as { grounds: GrowthGrounds }
  return { message: because.message, grounds }
}

describe('a release', () => {
  it.concurrent('that leaks is taken back before memory is used up, with its slope and the time it had left', async ({
    onTestFinished,
  }) => {
    const shop = await givenV1(onTestFinished)
    const { message, grounds } = await condemned(shop, leaking)
    expect(message).toMatch(
      /^shop\.v2\.0 grows by \d+\.\d MB a second and has \d+\.\d MB \(v1 grows by \d\.\d MB\); at that rate there is none left in \d+s$/,
    )
    expect(grounds.perSecond / LEAK).toBeGreaterThan(0.5)
    expect(grounds.perSecond / LEAK).toBeLessThan(1.5)
    expect(grounds.fullInMs).toBeGreaterThan(60_000)
    expect(await shop.answer()).toBe('v1')
    expect(await shop.running()).toEqual(['shop.v1.0 running'])
  }, 120_000)

  it.concurrent('that answers later and later is taken back before its health check fails', async ({
    onTestFinished,
  }) => {
    const shop = await givenV1(onTestFinished)
    const { message, grounds } = await condemned(shop, slowing)
    expect(message).toMatch(
      /^shop\.v2\.0 grows by \d+\.\d ms of lag a second and has \d+\.\d ms of lag \(.*\); at that rate its health check is answered too late in \d+s$/,
    )
    expect(grounds.metric).toBe('lag')
    expect(grounds.fullInMs).toBeGreaterThan(10_000)
    expect(await shop.answer()).toBe('v1')
  }, 120_000)

  it.concurrent('that is as big and does not grow is promoted', async ({ onTestFinished }) => {
    const shop = await givenV1(onTestFinished)
    const rollout = await shop.deploy({ app: big, rollout: canary(45_000) })
    expect(await shop.ended(rollout)).toEqual({ phase: 'finished', outcome: 'promoted' })
    expect(await shop.answer()).toBe('big')
  }, 120_000)

  it.concurrent('that is a worker and leaks is taken back too, although nobody asks it anything', async ({
    onTestFinished,
  }) => {
    const shop = await Controlled.open()
    onTestFinished(() => shop.end())
    const { spec } = await shop.real.release('unused', { rollout: AT_ONCE })
    const { listen: _, ...rest } = spec
    const deploys = async (app: string, bakeMs: number) =>
      shop.controller.deploy(
        {
          spec: {
            ...rest,
            run: 'exec node -e "$APP"',
            env: { APP: app },
            ready: { ...rest.ready, aliveMs: 300 },
            rollout: { ...AT_ONCE, bakeMs, judge: WATCHED },
          },
        },
        'refuse',
      )
    const good = await deploys('setInterval(() => 0, 1000)', 0)
    expect(await shop.ended(good)).toMatchObject({ outcome: 'promoted' })
    const bad = await deploys(leakingWorker, 90_000)
    expect(await shop.ended(bad)).toMatchObject({
      outcome: 'undone',
      because: { code: 'release-grows', data: { grounds: { metric: 'memory' } } },
    })
    expect(await shop.running()).toEqual(['shop.v1.0 running'])
  }, 120_000)
})
