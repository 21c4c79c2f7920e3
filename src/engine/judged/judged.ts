import { ALL } from '../../core/names.ts'
import type { Abortable } from '../../core/clock.ts'
import type { JudgeTerms, Lives, Look, Opinion, Weighing } from '../../core/judge.ts'
import type { Route, Weights } from '../../core/route.ts'
import type { Router } from '../../core/router.ts'
import type { Plan } from '../../core/plan.ts'
import { condemnation } from './condemnation.ts'
import type { Controls } from '../controls.ts'
import { recallYouth } from './recall-youth.ts'
import type { RolloutId } from '../../core/rollout.ts'
import { HeadCount } from './head-count.ts'
import { SlowLine } from './slow-line.ts'
import { Testimony } from './testimony.ts'
import type { Tools } from '../tools.ts'
import { weigh } from './weigh.ts'

/** Ten times a second is promised; what the proxy saw is told as often. */
const LOOK_MS = 100
const WEIGH_MS = 1_000

/** The parts of a plan by which two releases are compared. */
export type Compared = Plan & Required<Pick<Plan, 'from' | 'judge'>>

type Needed = Pick<
  Tools,
  'router' | 'runtime' | 'clock' | 'judge' | 'records' | 'rollouts' | 'exclusive' | 'log'
>

/** What a rollout's traffic is judged by, from its first step to its last. */
export class Judged {
  readonly #plan: Compared
  readonly #tools: Needed
  readonly #judging: Testimony
  readonly #slowLine: SlowLine | undefined
  #share: number | undefined
  /** Of the last look of an earlier controller. */
  #shareBefore = 0
  /** What this clock is behind that look: after a restart of the machine it begins anew. */
  #behindMs = 0
  #cursor = 0
  #weighedAtMs = -Infinity
  readonly #headCount: HeadCount
  #countedAtMs = -Infinity

  constructor(rollout: RolloutId, plan: Compared, tools: Needed) {
    this.#plan = plan
    this.#tools = tools
    this.#headCount = new HeadCount(plan)
    this.#judging = new Testimony(rollout, termsOf(plan), tools)
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
      this.#share = Math.max(this.#share ?? 0, next)
      await router.apply(this.#slowLine?.drawnIn(route) ?? route, options)
      this.#share = next
    }
    return { ...router, apply }
  }

  /** Looks until the signal fires, and tells when the new release is surely worse. */
  async watch(controls: Pick<Controls, 'condemn'>, signal: AbortSignal): Promise<void> {
    const { service, from } = this.#plan
    const last = await this.#judging.begin(await recallYouth(this.#tools, service, from))
    if (last) this.#goOnFrom(last)
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

  /** From the cursor on the router tells what came while nobody looked; a proxy that was started anew tells all it has. */
  #goOnFrom({ observation, share, nowMs }: Look): void {
    this.#cursor = observation?.cursor ?? 0
    this.#shareBefore = share
    this.#behindMs = Math.max(0, nowMs - this.#tools.clock.steadyNow())
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
    if (this.#share === undefined) await this.#findPlace(signal)
    const weighings = await this.#weigh(clock.steadyNow())
    // Nothing is observed of a worker, and of a service that nobody has asked yet; but its instances may grow.
    const observation = await router.observe(service, this.#cursor, { signal })
    if (!observation && (!weighings || this.#cursor > 0)) return
    const lives = await this.#countHeads(clock.steadyNow())
    this.#cursor = observation?.cursor ?? this.#cursor
    const nowMs = clock.steadyNow() + this.#behindMs
    // What came before the first look of this controller may have met the share of then: the larger one, as above.
    const share = Math.max(this.#share ?? 0, this.#shareBefore)
    this.#shareBefore = 0
    this.#judging.see({
      ...(observation && { observation }),
      share,
      nowMs,
      ...(weighings && { weighings }),
      ...(lives && { lives }),
    })
    if (this.#slowLine?.see(observation?.releases[from])) await this.#drawSlowLine(signal)
  }

  async #findPlace(signal: AbortSignal): Promise<void> {
    const traffic = await this.#tools.router.read(this.#plan.service, { signal })
    if (this.#cursor > 0) this.#slowLine?.keep(traffic?.route.slowMs)
    // A change of the weights that came meanwhile knows better.
    this.#share ??= this.#shareIn(traffic?.route.weights ?? {})
  }

  /** Once a second: a process table is read for it. */
  async #weigh(nowMs: number): Promise<readonly Weighing[] | undefined> {
    const { service, from, to, judge } = this.#plan
    if (!judge.memory || nowMs - this.#weighedAtMs < WEIGH_MS) return undefined
    this.#weighedAtMs = nowMs
    return await weigh(this.#tools, service, [from, to])
  }

  /** As often. One that ended and was started again in between is noticed too. */
  async #countHeads(nowMs: number): Promise<Lives | undefined> {
    const { service, judge } = this.#plan
    if (!judge.crashes || nowMs - this.#countedAtMs < WEIGH_MS) return undefined
    this.#countedAtMs = nowMs
    const { runtime, router } = this.#tools
    const [all, traffic] = await Promise.all([runtime.list(service), router.read(service)])
    return this.#headCount.take(all, traffic?.route.instances ?? [])
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

/** What the judge is asked, by the plan. */
export function termsOf({ judge, to, from }: Compared): JudgeTerms {
  return { spec: judge, candidate: to, stable: from }
}

export function isCompared(plan: Plan): plan is Compared {
  return plan.judge !== undefined && plan.from !== undefined
}
