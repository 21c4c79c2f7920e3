import type { RolloutEvent } from '../core/event.ts'
import type { ReleaseId, ServiceName } from '../core/names.ts'
import type { Plan } from '../core/plan.ts'
import { Problem } from '../core/problem.ts'
import type { Rollout, RolloutId } from '../core/rollout.ts'
import type { Traffic } from '../core/traffic.ts'
import { Crew } from './crew.ts'
import { deploy, type DeployRequest, plan, rollback } from './deploy.ts'
import { describePlan, eventsOf } from './history.ts'
import { Keeper } from './keeper.ts'
import { prune } from './prune.ts'
import { type Status, statusOf } from './status.ts'
import type { Tools } from './tools.ts'

/** What to do with a deploy while another rollout of the service is running. */
export type IfBusy = 'refuse' | 'queue' | 'supersede'

/** The verbs of a running controller. Each rejects with a Problem that says what and what to do. */
export class Controller {
  readonly #tools: Tools
  readonly #crew: Crew
  readonly #stop = new AbortController()
  /** Deploys whose release is still being copied and built. */
  readonly #making = new Map<ServiceName, Promise<Rollout>>()
  #kept: Promise<void> = Promise.resolve()

  constructor(tools: Tools) {
    this.#tools = tools
    this.#crew = new Crew(tools)
  }

  /** Goes on with what an earlier controller left unfinished, and looks after every service from now on. */
  async start(): Promise<void> {
    const keeper = new Keeper(this.#tools, this.#crew)
    await keeper.takeUp()
    this.#kept = keeper.keep(this.#stop.signal)
  }

  /** Lets go of everything where it stands. Instances and traffic go on without this process. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#kept
    await this.#crew.halt()
  }

  async plan(request: DeployRequest): Promise<{ plan: Plan; steps: string[] }> {
    const planned = await plan(this.#tools, request)
    return { plan: planned, steps: describePlan(planned, this.#tools.steps) }
  }

  async deploy(request: DeployRequest, ifBusy: IfBusy): Promise<Rollout> {
    const service = request.spec.name
    await this.#makeWay(service, ifBusy)
    const making = deploy(this.#tools, this.#crew, request).finally(() =>
      this.#making.delete(service),
    )
    this.#making.set(service, making)
    const rollout = await making
    await prune(this.#tools, service)
    return rollout
  }

  async rollback(service: ServiceName, ifBusy: IfBusy, release?: ReleaseId): Promise<Rollout> {
    await this.#makeWay(service, ifBusy)
    return rollback(this.#tools, this.#crew, service, release)
  }

  promote(service: ServiceName): void {
    this.#crew.controlsOf(service).promote()
  }

  pause(service: ServiceName, reason: string): void {
    this.#crew.controlsOf(service).pause(reason)
  }

  resume(service: ServiceName): void {
    this.#crew.controlsOf(service).resume()
  }

  abort(service: ServiceName, reason: string): void {
    this.#crew.controlsOf(service).abort(reason)
  }

  async status(service: ServiceName): Promise<Status> {
    return statusOf(this.#tools, service)
  }

  async traffic(service: ServiceName): Promise<Traffic | undefined> {
    return this.#tools.router.read(service)
  }

  async history(service: ServiceName): Promise<readonly Rollout[]> {
    return this.#tools.rollouts.list(service)
  }

  async services(): Promise<readonly ServiceName[]> {
    const known = (await this.#tools.services.list()).map((record) => record.spec.name)
    // A service in its first rollout is not written yet.
    return [...new Set([...known, ...(await this.#tools.rollouts.unfinished())])]
  }

  /** What happened in a rollout so far, and then what happens, until it is finished. */
  async watch(id: RolloutId, listener: (event: RolloutEvent) => void): Promise<() => void> {
    const early: RolloutEvent[] = []
    let isCaughtUp = false
    const forget = this.#crew.listen(id, (event) => {
      if (isCaughtUp) listener(event)
      else early.push(event)
    })
    const rollout = await this.#tools.rollouts.read(id)
    if (!rollout) {
      forget()
      throw unknownRollout(id)
    }
    const past = eventsOf(rollout, await this.#tools.journal.read(id), this.#tools.steps)
    isCaughtUp = true
    for (const event of [...past, ...early]) listener(event)
    return forget
  }

  async #busy(service: ServiceName): Promise<Problem> {
    const [last] = await this.#tools.rollouts.list(service, { limit: 1 })
    const isOpen = last !== undefined && last.state.phase !== 'finished'
    const what = isOpen ? `rollout ${last.id} (${last.plan.to})` : 'another deploy'
    return new Problem('rollout-running', {
      message: `${what} of ${service} is still running; a service has one rollout at a time`,
      hint: 'Watch it: midflight status --watch. End it: midflight abort. Or deploy with --if-busy queue or --if-busy supersede.',
      data: { service, ...(isOpen && { rollout: last.id }) },
    })
  }

  async #makeWay(service: ServiceName, ifBusy: IfBusy): Promise<void> {
    for (;;) {
      const making = this.#making.get(service)
      if (!making && !this.#crew.isRunning(service)) return
      if (ifBusy === 'refuse') throw await this.#busy(service)
      // How the other one ends is its own caller's to hear.
      await making?.catch(() => undefined)
      if (ifBusy === 'supersede' && this.#crew.isRunning(service)) {
        this.#crew.controlsOf(service).abort('a newer deploy supersedes it')
      }
      await this.#crew.ended(service)
    }
  }
}

function unknownRollout(id: RolloutId): Problem {
  return new Problem('rollout-unknown', {
    message: `there is no rollout ${id}`,
    hint: 'See which there are: midflight history',
    data: { rollout: id },
  })
}
