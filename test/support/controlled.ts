import { afterAll, beforeAll, expect } from 'vitest'
import type { Rollout, RolloutState } from '../../src/core/rollout.ts'
import type { RollingSpec } from '../../src/core/rollout-spec.ts'
import type { ServiceSpec } from '../../src/core/service.ts'
import { Controller } from '../../src/engine/controller.ts'
import type { IfBusy } from '../../src/engine/occupancy.ts'
import type { Tools } from '../../src/engine/tools.ts'
import { realWorld, type RealWorld } from './real-world.ts'
import { until } from './until.ts'

type Finished = Extract<RolloutState, { phase: 'finished' }>

const gate = { errors: 0.05, minRequests: 20 }

/** Nothing is waited for but readiness. */
export const AT_ONCE: RollingSpec = { strategy: 'rolling', batch: 1, surge: 1, gate, bakeMs: 0 }

/** The source of a small web app that answers each request so; the readiness check too, at `/`. */
export function anApp(answer: string): string {
  return `require('node:http').createServer((q, s) => { ${answer} }).listen(process.env.PORT, '127.0.0.1')`
}

/** A service of a test's own on real processes and a real proxy, its controller in this process. */
export class Controlled {
  readonly real: RealWorld
  readonly tools: Tools
  readonly controller: Controller

  private constructor(real: RealWorld) {
    this.real = real
    this.tools = real.tools()
    this.controller = new Controller(this.tools)
  }

  static async open(): Promise<Controlled> {
    const controlled = new Controlled(await realWorld())
    await controlled.controller.start()
    return controlled
  }

  /** Deploys this app, or one that answers with the release's name, with this said otherwise. */
  async deploy(
    set: Partial<ServiceSpec> & { readonly app?: string } = {},
    ifBusy: IfBusy = 'refuse',
  ): Promise<Rollout> {
    const { app, ...rest } = set
    const { spec } = await this.real.release(`unused-${performance.now()}`, { rollout: AT_ONCE })
    const own = app === undefined ? {} : { run: 'exec node -e "$APP"', env: { APP: app } }
    return this.controller.deploy({ spec: { ...spec, ...own, ...rest } }, ifBusy)
  }

  async ended({ id }: Pick<Rollout, 'id'>): Promise<Finished> {
    const state = await until(
      async () => (await this.tools.rollouts.read(id))?.state,
      (each) => each?.phase === 'finished',
      60_000,
    )
    if (state?.phase !== 'finished') throw new Error('it has not ended')
    return state
  }

  async promoted(set: Parameters<Controlled['deploy']>[0] = {}): Promise<Rollout> {
    const rollout = await this.deploy(set)
    expect(await this.ended(rollout)).toEqual({ phase: 'finished', outcome: 'promoted' })
    return rollout
  }

  /** Everybody gets this release from now on. */
  async gets(release: string): Promise<void> {
    await until(
      async () => (await this.tools.router.read('shop'))?.route.weights,
      (weights) => weights?.[release] === 10_000,
      60_000,
    )
  }

  /** It watches this share, or all that it has. */
  async inHold({ id, plan }: Rollout, share: number): Promise<void> {
    const isWatching = (step: number | undefined) =>
      step !== undefined && plan.steps[step]?.kind === 'ask-gate'
    await until(
      async () => {
        const weights = (await this.tools.router.read('shop'))?.route.weights
        const state = (await this.tools.rollouts.read(id))?.state
        return {
          share: weights?.[plan.to],
          step: state && 'step' in state ? state.step : undefined,
        }
      },
      (now) => now.share === share && isWatching(now.step),
      60_000,
    )
  }

  async answer(): Promise<string> {
    const headers = { connection: 'close' }
    return (await fetch(`http://127.0.0.1:${this.real.port}/`, { headers })).text()
  }

  async running(): Promise<readonly string[]> {
    const all = await this.tools.runtime.list('shop')
    return all.map((each) => `${each.id} ${each.state.kind}`).toSorted()
  }

  async pidOf(id: string): Promise<number> {
    const instance = (await this.tools.runtime.list('shop')).find((each) => each.id === id)
    if (instance?.state.kind !== 'running') throw new Error(`${id} does not run`)
    return instance.state.pid
  }

  async end(): Promise<void> {
    await this.controller.stop()
    await this.real.dispose()
  }
}

/** One for all tests of a block; it ends after the last one. */
export function controlledForAll(): () => Controlled {
  let controlled: Controlled | undefined
  beforeAll(async () => {
    controlled = await Controlled.open()
  }, 60_000)
  afterAll(async () => controlled?.end(), 60_000)
  return () => {
    if (!controlled) throw new Error('it did not start')
    return controlled
  }
}
