import type { Account, Replay } from '../core/account.ts'
import type { Doubt, GroupDoubts } from '../core/doubt.ts'
import type { RolloutEvent } from '../core/event.ts'
import type { Group, GroupEvent, GroupId } from '../core/group.ts'
import type { ReleaseId, ServiceName } from '../core/names.ts'
import type { Plan } from '../core/plan.ts'
import type { Findings } from '../core/preflight.ts'
import type { Problem } from '../core/problem.ts'
import type { Rollout, RolloutId } from '../core/rollout.ts'
import type { Traffic } from '../core/traffic.ts'
import { turns } from '../lib/turns.ts'
import { Crew } from './crew.ts'
import { check, deploy, type DeployRequest, discard, plan, rollback } from './deploy.ts'
import { checkGroup } from './group/group-check.ts'
import { GroupCrew } from './group/group-crew.ts'
import { deployGroup, type GroupRequest } from './group/group-deploy.ts'
import { groupPlan } from './group/group-plan.ts'
import { describePlan, eventsOf } from './history.ts'
import { hold, type HeldRequests } from './hold.ts'
import { Keeper } from './keeper.ts'
import { type Looking, withDoubts } from './look-ahead.ts'
import { Notifying } from './notifying/notifying.ts'
import { type IfBusy, Occupancy } from './occupancy.ts'
import { Orders } from './orders.ts'
import { prune } from './prune.ts'
import { readRollout } from './read-rollout.ts'
import { replay } from './replay.ts'
import { type Status, statusOf } from './status.ts'
import type { Tools } from './tools.ts'
import { untilOvertaken } from './until-overtaken.ts'
import { why } from './why.ts'

/** The verbs of a running controller. Each rejects with a Problem that says what and what to do. */
export class Controller {
  readonly #tools: Tools
  readonly #crew: Crew
  readonly #groups: GroupCrew
  readonly #orders = new Orders()
  readonly #inTurn = turns()
  readonly #occupancy: Occupancy
  #kept: Promise<void> = Promise.resolve()
  readonly #notifying: Notifying
  #notified: Promise<void> = Promise.resolve()
  #overtaken: Promise<void> = Promise.resolve()

  constructor(tools: Tools) {
    this.#tools = tools
    this.#notifying = new Notifying(tools)
    this.#crew = new Crew(tools, (rollout) => {
      this.#notifying.hear(rollout)
    })
    this.#groups = new GroupCrew(tools, this.#crew)
    const runners = { crew: this.#crew, groups: this.#groups }
    this.#occupancy = new Occupancy(tools, runners, this.#inTurn)
  }

  /** Goes on with what an earlier controller left unfinished, and looks after every service from now on. */
  async start(): Promise<void> {
    await this.#sweep()
    const keeper = new Keeper(this.#tools, this.#crew)
    await keeper.takeUp()
    await this.#groups.takeUp()
    this.#kept = keeper.keep(this.#orders.signal)
    this.#notified = this.#notifying.keep(this.#orders.signal)
    this.#overtaken = this.#letGoWhenOvertaken()
  }

  /** Lets go of everything where it stands. Instances and traffic go on without this process. */
  async stop(): Promise<void> {
    await this.#letGo()
    await this.#overtaken
    await this.#sweep()
  }

  async #letGo(because?: Problem): Promise<void> {
    this.#orders.end(because)
    await this.#kept
    await this.#notified
    await Promise.all([this.#groups.halt(), this.#crew.halt()])
    // What they have made they take away again, while it can still be written down.
    await this.#orders.over()
  }

  /** It can write no more; what it would go on doing, it would do beside the other one. */
  async #letGoWhenOvertaken(): Promise<void> {
    const by = await untilOvertaken(this.#tools, this.#orders.signal)
    if (!by) return
    this.#tools.log('let go of everything', { because: by.message })
    await this.#letGo(by)
  }

  async plan(request: DeployRequest): Promise<{ plan: Plan; steps: string[] }> {
    const planned = await plan(this.#tools, request)
    return { plan: planned, steps: describePlan(planned, this.#tools.steps) }
  }

  /** What a deploy would doubt. Whatever is made to find out is removed again. */
  async check(request: DeployRequest): Promise<readonly Doubt[]> {
    return this.#orders.carryOut(async (signal) => (await this.#check(request, { signal })).doubts)
  }

  /** The same for several services as one: about each, and about all of them together. */
  async checkGroup(members: GroupRequest['members']): Promise<GroupDoubts> {
    return this.#orders.carryOut(async (signal) => {
      const look = async (each: DeployRequest) => this.#check(each, { amend: groupPlan, signal })
      return checkGroup(members, look, this.#tools.preflight)
    })
  }

  async #check(request: DeployRequest, looking: Looking): Promise<Findings> {
    return this.#inTurn(request.spec.name, async () => check(this.#tools, request, looking))
  }

  async deploy(request: DeployRequest, ifBusy: IfBusy): Promise<Rollout> {
    return this.#orders.carryOut(async (signal) => this.#deploy(request, ifBusy, signal))
  }

  async #deploy(request: DeployRequest, ifBusy: IfBusy, signal: AbortSignal): Promise<Rollout> {
    const service = request.spec.name
    if (ifBusy === 'refuse') await this.#occupancy.refuseBusy(service)
    // What is deployed is what lies there now, also when the rollout has to wait its turn.
    const { release, doubts } = await this.#occupancy.prepare(request, { signal })
    const how = { amend: withDoubts(doubts), ...(request.by !== undefined && { by: request.by }) }
    const launch = async () => deploy(this.#tools, this.#crew, release, how)
    const launched = this.#occupancy.whenFree([service], ifBusy, launch, signal)
    const rollout = await launched.catch(async (error: unknown) => {
      await discard(this.#tools, release)
      throw error
    })
    // The rollout has begun: an old release that cannot be removed now is tried again at the next deploy.
    await prune(this.#tools, service).catch((error: unknown) => {
      this.#tools.log('old releases could not be removed', { service, error: String(error) })
    })
    return rollout
  }

  async rollback(
    service: ServiceName,
    ifBusy: IfBusy,
    how: { readonly to?: ReleaseId; readonly by?: string } = {},
  ): Promise<Rollout> {
    return this.#orders.carryOut(async (signal) => {
      if (ifBusy === 'refuse') await this.#occupancy.refuseBusy(service)
      const launch = async () => rollback(this.#tools, this.#crew, service, how)
      return this.#occupancy.whenFree([service], ifBusy, launch, signal)
    })
  }

  /** Rolls several services out as one. Nothing has changed when it rejects. */
  async deployGroup(request: GroupRequest, ifBusy: IfBusy): Promise<Group> {
    const services = request.members.map(({ spec }) => spec.name)
    return this.#orders.carryOut(async (signal) => {
      if (ifBusy === 'refuse') for (const each of services) await this.#occupancy.refuseBusy(each)
      return deployGroup(this.#tools, this.#groups, request, {
        prepare: async (each) => this.#occupancy.prepare(each, { amend: groupPlan, signal }),
        refuseRunning: async (service) => this.#occupancy.refuseRunning(service),
        whenFree: async (launch) => this.#occupancy.whenFree(services, ifBusy, launch, signal),
      })
    })
  }

  async abortGroup(id: GroupId, reason: string): Promise<void> {
    await this.#groups.abort(id, reason)
  }

  async groups(): Promise<readonly Group[]> {
    return this.#tools.groups.list()
  }

  /** What happened in a group so far, and then what happens, until it is finished. */
  async watchGroup(id: GroupId, listener: (event: GroupEvent) => void): Promise<() => void> {
    return this.#groups.watch(id, listener)
  }

  /** Ends one hold, or all until the traffic has moved. */
  promote(service: ServiceName, by?: string, holds: 'one' | 'all' = 'one'): void {
    const controls = this.#crew.controlsOf(service)
    if (holds === 'all') controls.promoteFully()
    else controls.promote()
    this.#crew.note(service, { verb: 'promote', by })
  }

  pause(service: ServiceName, reason: string, by?: string): void {
    this.#crew.controlsOf(service).pause(reason)
    this.#crew.note(service, { verb: 'pause', reason, by })
  }

  resume(service: ServiceName, by?: string): void {
    this.#crew.controlsOf(service).resume()
    this.#crew.note(service, { verb: 'resume', by })
  }

  abort(service: ServiceName, reason: string, by?: string): void {
    this.#crew.controlsOf(service).abort(reason)
    this.#crew.note(service, { verb: 'abort', reason, by })
  }

  /** Lets requests wait until they are released, also while rollouts go on. */
  async hold(service: ServiceName, requests: HeldRequests): Promise<void> {
    await hold(this.#tools, service, requests)
  }

  async release(service: ServiceName): Promise<void> {
    await hold(this.#tools, service, undefined)
  }

  async status(service: ServiceName): Promise<Status> {
    return statusOf(this.#tools, service, this.#crew.opinionOf(service))
  }

  async traffic(service: ServiceName): Promise<Traffic | undefined> {
    return this.#tools.router.read(service)
  }

  /** Newest first, at most `limit`. */
  async history(service: ServiceName, limit = 50): Promise<readonly Rollout[]> {
    return this.#tools.rollouts.list(service, { limit })
  }

  async why(id: RolloutId): Promise<Account> {
    return why(this.#tools, id)
  }

  async replay(id: RolloutId): Promise<Replay> {
    return replay(this.#tools, id)
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
    const rollout = await readRollout(this.#tools, id).catch((error: unknown) => {
      forget()
      throw error
    })
    const past = eventsOf(rollout, await this.#tools.journal.read(id), this.#tools.steps)
    isCaughtUp = true
    for (const event of [...past, ...early]) listener(event)
    return forget
  }

  /** A trial that is left over harms nobody: the next controller looks again. */
  async #sweep(): Promise<void> {
    await this.#tools.preflight.sweep().catch((error: unknown) => {
      this.#tools.log('what was left of a preflight could not be removed', { error: String(error) })
    })
  }
}
