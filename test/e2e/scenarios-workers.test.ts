import { describe, expect, it } from 'vitest'
import type { Rollout } from '../../src/core/rollout.ts'
import type { ServiceSpec } from '../../src/core/service.ts'
import { AT_ONCE, controlledForAll } from '../support/controlled.ts'
import { until } from '../support/until.ts'

const WORKS = 'setInterval(() => 0, 1000)'

describe('a worker that takes no traffic', () => {
  const shop = controlledForAll()

  /** What the file of a worker means. */
  const worker = async (app: string): Promise<ServiceSpec> => {
    const { spec } = await shop().real.release(`unused-${performance.now()}`, { rollout: AT_ONCE })
    const { listen: _, ...rest } = spec
    const ready = { ...spec.ready, aliveMs: 300 }
    const run = 'exec node -e "$APP"'
    return { ...rest, run, env: { APP: app }, instances: 2, ready }
  }
  const deployWorker = async (app: string, bakeMs = 0): Promise<Rollout> => {
    const spec = await worker(app)
    return shop().controller.deploy(
      { spec: { ...spec, rollout: { ...AT_ONCE, bakeMs } } },
      'refuse',
    )
  }

  it('is released, and its status is good', async () => {
    const first = await deployWorker(WORKS)
    expect((await shop().controller.status('shop')).service).toBe('shop')
    expect(await shop().ended(first)).toEqual({ phase: 'finished', outcome: 'promoted' })
    const status = await shop().controller.status('shop')
    expect(status).toMatchObject({ live: 'v1', weights: {}, isDegraded: false })
    expect(status).not.toHaveProperty('listen')
  })

  it('that ends by itself between rollouts is started again', async () => {
    const before = await shop().pidOf('shop.v1.1')
    process.kill(before, 'SIGKILL')
    await until(
      async () => shop().tools.runtime.list('shop'),
      (all) =>
        all.length === 2 &&
        all.every(({ state }) => state.kind === 'running' && state.pid !== before),
    )
  })

  it('is replaced one by one', async () => {
    const next = await deployWorker(WORKS)
    expect(next.plan.steps.map((step) => step.kind)).toEqual([
      'start-instances',
      'wait-until-ready',
      'stop-instances',
      'watch-instances',
      'start-instances',
      'wait-until-ready',
      'stop-instances',
      'watch-instances',
      'watch-instances',
    ])
    expect(await shop().ended(next)).toMatchObject({ outcome: 'promoted' })
    expect(await shop().running()).toEqual(['shop.v2.0 running', 'shop.v2.1 running'])
  })

  it('whose new release crashes while it bakes is taken back', async () => {
    const bad = await deployWorker(`${WORKS}; setTimeout(() => process.exit(1), 3000)`, 600_000)
    expect(await shop().ended(bad)).toMatchObject({
      outcome: 'undone',
      because: { code: 'instance-ended' },
    })
    expect(await shop().running()).toEqual(['shop.v2.0 running', 'shop.v2.1 running'])
  })

  it('can be rolled back', async () => {
    const back = await shop().controller.rollback('shop', 'refuse')
    expect(await shop().ended(back)).toMatchObject({ outcome: 'promoted' })
    expect(await shop().running()).toEqual(['shop.v1.0 running', 'shop.v1.1 running'])
  })

  it('does not become a service with traffic under the same name', async () => {
    await expect(shop().deploy()).rejects.toMatchObject({
      code: 'service-kind-changed',
      message: 'shop is a worker, and the new release has traffic (listen)',
    })
    expect(await shop().running()).toEqual(['shop.v1.0 running', 'shop.v1.1 running'])
  })
}, 120_000)
