import type { ServiceName } from '../core/names.ts'
import { Problem } from '../core/problem.ts'
import type { InTurn } from '../lib/turns.ts'
import type { Crew } from './crew.ts'
import { type DeployRequest, type Prepared, prepare } from './deploy.ts'
import type { GroupCrew } from './group/group-crew.ts'
import type { Looking } from './look-ahead.ts'
import type { Tools } from './tools.ts'

const AGAIN_MS = 200
const BUSY = ['rollout-running', 'group-running']

/** What to do with a deploy while another rollout of the service is running. */
export type IfBusy = 'refuse' | 'queue' | 'supersede'

interface Runners {
  readonly crew: Crew
  readonly groups: GroupCrew
}

/** Who has a service now: it has one rollout at a time, of its own or of a group, and one release is made at a time. */
export class Occupancy {
  readonly #tools: Tools
  readonly #runners: Runners
  readonly #inTurn: InTurn
  /** How many deploys of a service still make and try their release; one after the other. */
  readonly #preparing = new Map<ServiceName, number>()

  constructor(tools: Tools, runners: Runners, inTurn: InTurn) {
    this.#tools = tools
    this.#runners = runners
    this.#inTurn = inTurn
  }

  /** Rejects with `rollout-running` or `group-running` while anything of the service is on its way. */
  async refuseBusy(service: ServiceName): Promise<void> {
    this.#runners.groups.refuse(service)
    if (this.#isBusy(service)) throw await this.#busy(service)
  }

  /** Rejects with `rollout-running` while a rollout of the service has not ended; a release that is being made does not count. */
  async refuseRunning(service: ServiceName): Promise<void> {
    const unfinished = await this.#tools.rollouts.unfinished()
    const isRunning = this.#runners.crew.isRunning(service) || unfinished.includes(service)
    if (isRunning) throw await this.#busy(service)
  }

  /** Makes and tries a release when it is its turn; the service is busy meanwhile. */
  async prepare(request: DeployRequest, looking: Looking): Promise<Prepared> {
    const service = request.spec.name
    const count = (by: 1 | -1) =>
      this.#preparing.set(service, (this.#preparing.get(service) ?? 0) + by)
    count(1)
    try {
      return await this.#inTurn(service, async () => prepare(this.#tools, request, looking))
    } finally {
      count(-1)
    }
  }

  /** Launches when no other rollout of these services is in the way, as the caller wishes to wait for it or end it. */
  async whenFree<Launched>(
    services: readonly ServiceName[],
    ifBusy: IfBusy,
    launch: () => Promise<Launched>,
    signal: AbortSignal,
  ): Promise<Launched> {
    const { groups } = this.#runners
    for (;;) {
      if (ifBusy === 'supersede') for (const service of services) this.#supersede(service)
      if (ifBusy !== 'refuse') await Promise.all(services.map(async (each) => this.#ended(each)))
      // A controller that ends lets go of what is in the way: that has not ended.
      signal.throwIfAborted()
      try {
        for (const service of services) groups.refuse(service)
        return await launch()
      } catch (error) {
        // Somebody else was quicker.
        const isBusy = error instanceof Problem && BUSY.includes(error.code)
        if (ifBusy === 'refuse' || !isBusy) throw error
        await this.#tools.clock.sleep(AGAIN_MS, { signal })
      }
    }
  }

  async #ended(service: ServiceName): Promise<void> {
    await this.#runners.groups.ended(service)
    await this.#runners.crew.ended(service)
  }

  #supersede(service: ServiceName): void {
    const { crew, groups } = this.#runners
    const reason = 'a newer deploy supersedes it'
    // What runs of a group may be its way back, which nobody must end.
    if (groups.abortWith(service, reason)) return
    if (crew.isRunning(service)) crew.controlsOf(service).abort(reason)
  }

  #isBusy(service: ServiceName): boolean {
    return this.#runners.crew.isRunning(service) || (this.#preparing.get(service) ?? 0) > 0
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
}
