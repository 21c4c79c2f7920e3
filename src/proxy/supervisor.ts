import { isDeepStrictEqual } from 'node:util'
import type { DescribedRequest, Explanation } from '../core/explanation.ts'
import type { ServiceName } from '../core/names.ts'
import type { Route } from '../core/route.ts'
import type { Traffic } from '../core/traffic.ts'
import { type Charge, closeAllBut, type Change, postFor, socketsOf } from './charge.ts'
import type { WorkerLine } from './worker-line.ts'
import { version } from '../lib/version.ts'
import type { Certificates } from './tls/certificates.ts'
import type { Legacy } from './legacy.ts'
import type { ProxyStatus } from './proxy-status.ts'
import { Turns } from './turns.ts'
import type { Claim } from './claim.ts'
import { estateOf } from './handover/estate-of.ts'
import type { Heir } from './handover/heir.ts'
import type { Will } from './handover/messages.ts'
import { probeAll } from './handover/probe-all.ts'
import { serveHeir } from './handover/serve-heir.ts'
import { probeFailed } from './handover/upgrade-failed.ts'
import { Fleet } from './fleet.ts'
import { HealthTable } from './health/health-table.ts'
import { followedLeave, lastLeave } from './leave.ts'
import { MarkBatch } from './mark-batch.ts'
import { notListening, workerSilent } from './order-problem.ts'
import type { Log } from './proxy-log.ts'
import { refuseFaulty } from './route-fault.ts'
import { explain } from './routing/explain.ts'
import { routingOf, type RoutingTools } from './routing/routing.ts'
import { toolsWith } from './routing/tools-with.ts'
import type { SnapshotJournal } from './snapshot-journal.ts'
import type { Sockets } from './sockets.ts'
import { keepBooks } from './keep-books.ts'
import type { ServiceSights } from './sight/service-total.ts'
import type { SightSum } from './sight/sight-sum.ts'
import type { Keeping } from './kept-file.ts'
import { trafficOf } from './traffic-of.ts'
import { wholeOrders, ordersFor } from './seal-orders.ts'

export interface SupervisorOptions {
  /** How many workers. */
  readonly workers: number
  /** Where the proxy keeps its things. */
  readonly directory: string
  readonly log: Log
}

/** Owns the sockets, the routes and the health of all instances, and keeps the workers that carry the traffic. */
export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #startedAtMs = Date.now()
  readonly #health: HealthTable
  readonly #fleet: Fleet
  readonly #sights: SightSum
  #keeping: readonly Keeping[] = []
  #doors: 'open' | 'closed'
  #heir: Heir | undefined
  readonly #charge: Charge
  readonly #sockets: Sockets
  readonly #journal: SnapshotJournal
  readonly #certificates: Certificates
  readonly #tools: RoutingTools
  readonly #turns = new Turns()

  constructor(legacy: Legacy, options: SupervisorOptions) {
    const { charge, sights } = legacy
    this.#options = options
    this.#charge = charge
    this.#sockets = legacy.sockets
    this.#journal = legacy.journal
    this.#certificates = legacy.certificates
    this.#sights = sights
    this.#tools = toolsWith(legacy.stickyKey)
    this.#doors = legacy.doors
    const batch = new MarkBatch(options.log, (news) => this.#fleet.mark(news))
    this.#health = new HealthTable(batch.add.bind(batch), legacy.marks)
    this.#health.watchAll(charge.routes)
    this.#fleet = new Fleet({
      ...options,
      stickyKey: legacy.stickyKey,
      past: legacy.tally,
      orphans: legacy.orphans,
      credentials: () => this.#certificates.all(),
      orders: () => wholeOrders(this.#charge, this.#health, this.#doors),
      onRefused: (mark) => {
        this.#health.refuse(mark)
        this.#heir?.tell({ kind: 'refused', mark })
      },
      onOutlier: (outlier) => {
        this.#health.eject(outlier)
        this.#heir?.tell({ kind: 'outlier', outlier })
      },
      onSight: (sight) => {
        sights.add(sight, performance.now())
        this.#heir?.tell({ kind: 'sight', sight })
      },
      onTally: (services) => this.#tellHeir(services),
    })
    this.#certificates.connect(this.#fleet.equip.bind(this.#fleet))
  }

  /** From now on this is the proxy of its directory: what it counts is kept there. */
  begin(): void {
    const { directory, log } = this.#options
    this.#certificates.begin(this.#charge.routes)
    this.#keeping = keepBooks(directory, { tallies: this.#fleet, sights: this.#sights, log })
  }

  /**
   * Resolves when the route is on the disk and every living worker obeys it. Rejects with a Problem, the old routes in
   * force; only with `worker-silent` the new route stays, and repeating waits for the rest of the workers.
   */
  async apply(route: Route): Promise<void> {
    await this.#turns.take(async () => {
      refuseFaulty(route, this.#charge)
      routingOf(route, this.#tools)
      const before = this.#charge.postOf(route.service)
      await this.#certificates.change(route, async () => {
        if (isDeepStrictEqual(route, before?.route)) return await this.ready()
        const post = await postFor(route, before, this.#sockets)
        await this.#enforce({ service: route.service, post })
      })
    })
  }

  /** Stops listening for the service and forgets it. One that is not known is no error. */
  async remove(service: ServiceName): Promise<void> {
    await this.#turns.take(async () => {
      if (!this.#charge.routeOf(service)) return await this.ready()
      await this.#enforce({ service, post: undefined })
      await this.#certificates.forget(service)
      this.#fleet.forget(service)
      this.#sights.forget(service)
    })
  }

  traffic(service: ServiceName): Traffic | undefined {
    const route = this.#charge.routeOf(service)
    if (!route) return undefined
    const tally = this.#fleet.tallyOf(service)
    const seen = trafficOf(route, this.#health.marksOf(service), tally, this.sights(service, 0))
    return { ...seen, ...this.#fleet.unheard, ...this.#certificates.faultsOf(service) }
  }

  /** Where a request would go, and why; `undefined` for a service that is not known. */
  explain(service: ServiceName, request: DescribedRequest): Explanation | undefined {
    const traffic = this.traffic(service)
    return traffic && explain(request, traffic, routingOf(traffic.route, this.#tools))
  }

  /** What was seen of the service after the reading that gave this cursor; 0 for all. */
  sights(service: ServiceName, cursor: number): ServiceSights | undefined {
    return this.#sights.since(service, cursor, performance.now())
  }

  status(): ProxyStatus {
    return {
      pid: process.pid,
      workers: this.#fleet.pids.map((pid) => ({ pid })),
      draining: this.#fleet.elders.map((pid) => ({ pid })),
      version: this.#charge.version,
      midflight: version(),
      startedAtMs: this.#startedAtMs,
    }
  }

  /** Resolves when every living worker obeys the routes in force. */
  async ready(): Promise<void> {
    const outcome = await this.#fleet.obeyed(this.#charge.version)
    if (outcome.kind === 'not-listening') throw notListening(this.#charge, outcome)
    if (outcome.kind === 'silent') throw workerSilent(outcome.pids)
  }

  /** Stops listening and resolves when all that ran has ended, or was cut after `drainMs` milliseconds. */
  async stop(drainMs: number): Promise<void> {
    await this.#turns.take(async () => {
      this.#turns.close()
      this.#options.log('stopping', { drainMs })
      for (const socket of this.#charge.posts.flatMap(socketsOf)) socket.close()
      this.#certificates.close()
      await this.#fleet.leave(lastLeave(drainMs))
      this.#health.close()
      await this.#journal.rewrite(this.#charge.snapshot).catch(this.#notCompacted)
      await this.#journal.close()
      await Promise.all(this.#keeping.map(async (each) => each.end()))
    })
  }

  /** Whether another proxy has taken over; this one only finishes what it has. */
  get isRetired(): boolean {
    return this.#turns.isClosed && this.#heir !== undefined
  }

  /**
   * Gives the sockets to an heir, and when it has proved itself all the rest. Resolves with its pid; from then on it is
   * for `retire` to end this one. Rejects with `upgrade-failed`: the heir is gone and everything is as it was.
   */
  async handOver(start: () => Heir, claim: Claim): Promise<number> {
    return await this.#turns.take(async () => {
      const heir = start()
      this.#options.log('upgrade begun', { heir: heir.pid })
      try {
        await heir.prove(estateOf(this.#charge, this.#sockets, this.#health))
        await this.#journal.close()
        claim.release()
        this.#heir = heir
        await heir.take({ tally: this.#fleet.tally(), sights: this.#sights.whole() })
      } catch (error) {
        this.#heir = undefined
        await heir.end()
        claim.retake()
        this.#options.log('upgrade failed', { heir: heir.pid, why: String(error) })
        throw error
      }
      this.#turns.close()
      heir.obey((message) => void serveHeir(heir, this.#fleet, message))
      return heir.pid
    })
  }

  /** Accepts no more; what is open goes on, for the heir's account. Resolves when it is over, after `drainMs` at the latest. */
  async retire(drainMs: number): Promise<void> {
    this.#options.log('gives way', { heir: this.#heir?.pid, drainMs })
    await Promise.all(this.#keeping.map(async (each) => each.stop()))
    this.#certificates.close()
    this.#health.close()
    for (const socket of this.#charge.posts.flatMap(socketsOf)) socket.close()
    await this.#fleet.leave(followedLeave(drainMs))
  }

  /** Accepts, once a request has passed through every worker. Rejects with `upgrade-failed`. */
  async prove(): Promise<void> {
    await this.ready()
    const fault = await probeAll(this.#charge.posts, this.#health, this.#fleet)
    if (fault !== undefined) throw probeFailed(fault)
    this.#doors = 'open'
    this.#charge.renumber()
    await this.#fleet.obey(wholeOrders(this.#charge, this.#health, this.#doors))
    await this.ready()
  }

  /** Takes the older proxy into its service, and begins to keep the books. */
  async succeed(elder: WorkerLine, { tally, sights }: Will): Promise<void> {
    await this.#journal.rewrite(this.#charge.snapshot)
    this.#sights.restore(sights)
    this.#fleet.adopt(elder, this.#charge.version, tally)
    this.begin()
  }

  /** Persisted before anybody obeys it. When a worker cannot listen, everything goes back to what it was. */
  async #enforce(change: Change): Promise<void> {
    const { service, post } = change
    const before = this.#charge.postOf(service)
    try {
      await this.#persist(change)
      const outcome = await this.#give(change)
      if (outcome.kind === 'not-listening') {
        await this.#persist({ service, post: before })
        await this.#give({ service, post: before })
        throw notListening(this.#charge, outcome, post)
      }
      if (outcome.kind === 'silent') throw workerSilent(outcome.pids)
    } finally {
      closeAllBut(this.#charge.postOf(service), before, post)
    }
    if (this.#journal.isLong) void this.#compact()
  }

  async #persist({ service, post }: Change): Promise<void> {
    const version = this.#charge.version + 1
    const change = { version, service, ...(post && { route: post.route }) }
    await this.#journal.append(change, () => this.#charge.snapshotWith({ service, post }))
    this.#options.log('routes', { version, service })
  }

  async #give(change: Change): ReturnType<Fleet['obey']> {
    this.#charge.become(change)
    if (change.post) this.#health.watch(change.post.route)
    else this.#health.forget(change.service)
    this.#sights.keepOnly(change.service, change.post?.route.instances ?? [])
    return await this.#fleet.obey(ordersFor(change.service, this.#charge, this.#health))
  }

  /** Changes go on meanwhile; they wait for its short end only. */
  async #compact(): Promise<void> {
    const inTurn = (end: () => Promise<void>): Promise<void> => this.#turns.take(end)
    await this.#journal.compact(this.#charge.snapshot, inTurn).catch(this.#notCompacted)
  }

  /** What is not compacted is as good, and longer. */
  readonly #notCompacted = (error: unknown): void =>
    this.#options.log('snapshot not compacted', { why: String(error) })

  /** While the connections of this one are ended for an heir's account, the heir counts them. */
  #tellHeir(services: readonly ServiceName[]): void {
    if (!this.#heir) return
    const tally = services.map((service) => [service, this.#fleet.tallyOf(service)] as const)
    this.#heir.tell({ kind: 'tally', news: { tally: Object.fromEntries(tally), over: [] } })
  }
}
