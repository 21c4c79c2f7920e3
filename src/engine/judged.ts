import { ALL } from '../core/names.ts'
import type { Abortable } from '../core/clock.ts'
import type { Opinion, Weighing } from '../core/judge.ts'
import type { Route, Weights } from '../core/route.ts'
import type { Router } from '../core/router.ts'
import type { Plan } from '../core/plan.ts'
import { condemnation } from './condemnation.ts'
import type { Controls } from './controls.ts'
import type { RolloutId } from '../core/rollout.ts'
import { SlowLine } from './slow-line.ts'
import { Testimony } from './testimony.ts'
import type { Tools } from './tools.ts'
import { weigh } from './weigh.ts'

/** Ten times a second is promised; what the proxy saw is told as often. */
const LOOK_MS = 100
const WEIGH_MS = 1_000

/** The parts of a plan by which two releases are compared. */
export type Compared = Plan & Required<Pick<Plan, 'from' | 'judge'>>

type Needed = Pick<
  Tools,
  'router' | 'runtime' | 'clock' | 'judge' | 'records' | 'exclusive' | 'log'
>

/** What a rollout's traffic is judged by, from its first step to its last. */
export class Judged {
  readonly #plan: Compared
  readonly #tools: Needed
  readonly #judging: Testimony
  readonly #slowLine: SlowLine | undefined
  #share = 0
  #cursor = 0
  #weighedAtMs = -Infinity

  constructor(rollout: RolloutId, plan: Compared, tools: Needed) {
    this.#plan = plan
    this.#tools = tools
    const terms = { spec: plan.judge, candidate: plan.to, stable: plan.from }
    this.#judging = new Testimony(rollout, terms, tools)
    if (plan.judge.latency !== undefined) this.#slowLine = new SlowLine(plan.judge.latency)
  }

  get opinion(): Opinion {
    return this.#judging.opinion
  }

  /** The router of the rollout: each change of the weights is known to the judge before it takes hold. */
  get router(): Router {
    const { router } = this.#tools
    const apply = async (route: Route, options?: Abortable): Promise<void> => {
      // A preview is a route of its own: its users are not the judge's.
      if (route.service !== this.#plan.service) return router.apply(route, options)
      const next = this.#shareIn(route.weights)
      // Between the two, the larger one: too large a share only delays a verdict.
      this.#share = Math.max(this.#share, next)
      await router.apply(this.#slowLine?.drawnIn(route) ?? route, options)
      this.#share = next
    }
    return { ...router, apply }
  }

  /** Looks until the signal fires, and tells when the new release is surely worse. */
  async watch(controls: Pick<Controls, 'condemn'>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#tryToLook(signal)
      const { opinion } = this
      const isBad = opinion.verdict === 'bad'
      // First the traffic, then the record.
      if (isBad) controls.condemn(condemnation(this.#plan, opinion.grounds))
      await this.#judging.keep()
      if (isBad) return
      await this.#tools.clock.sleep(LOOK_MS, { signal }).catch(() => signal.aborted)
    }
    await this.#judging.end()
  }

  /** A router that cannot be asked for a moment is asked again: a rollout without its judge would be blind. */
  async #tryToLook(signal: AbortSignal): Promise<void> {
    try {
      await this.#look(signal)
    } catch (error) {
      if (signal.aborted) return
      this.#tools.log('the judge could not look', { plan: this.#plan.to, error: String(error) })
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { router, clock } = this.#tools
    const { service, from } = this.#plan
    if (this.#cursor === 0) {
      const traffic = await router.read(service, { signal })
      this.#share = this.#shareIn(traffic?.route.weights ?? {})
    }
    const observation = await router.observe(service, this.#cursor, { signal })
    if (!observation) return
    this.#cursor = observation.cursor
    const nowMs = clock.steadyNow()
    const weighings = await this.#weigh(nowMs)
    this.#judging.see({ observation, share: this.#share, nowMs, ...(weighings && { weighings }) })
    if (this.#slowLine?.see(observation.releases[from])) await this.#drawSlowLine(signal)
  }

  /** Once a second: a process table is read for it. */
  async #weigh(nowMs: number): Promise<readonly Weighing[] | undefined> {
    const { service, from, to, judge } = this.#plan
    if (!judge.memory || nowMs - this.#weighedAtMs < WEIGH_MS) return undefined
    this.#weighedAtMs = nowMs
    return await weigh(this.#tools, service, [from, to])
  }

  async #drawSlowLine(signal: AbortSignal): Promise<void> {
    const { router, exclusive } = this.#tools
    await exclusive(this.#plan.service)(async () => {
      const traffic = await router.read(this.#plan.service, { signal })
      const drawn = traffic && this.#slowLine?.drawnIn(traffic.route)
      if (drawn) await router.apply(drawn, { signal })
    })
  }

  #shareIn(weights: Weights): number {
    return (weights[this.#plan.to] ?? 0) / ALL
  }
}

export function isCompared(plan: Plan): plan is Compared {
  return plan.judge !== undefined && plan.from !== undefined
}
