import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { ServiceName } from '../core/names.ts'
import type { Route } from '../core/route.ts'
import type { Traffic } from '../core/traffic.ts'
import { type Charge, closeAllBut, type Change, postFor, socketsOf } from './charge.ts'
import type { Tally } from './plane/data-plane-port.ts'
import { Fleet } from './fleet.ts'
import { HealthTable } from './health/health-table.ts'
import { notListening, stopping, workerSilent } from './order-problem.ts'
import type { Log } from './proxy-log.ts'
import { refuseFaulty } from './route-fault.ts'
import { routingOf, type RoutingTools } from './routing/routing.ts'
import { toolsWith } from './routing/tools-with.ts'
import type { SnapshotJournal } from './snapshot-journal.ts'
import type { Sockets } from './sockets.ts'
import { keepSight, SIGHT_FILE } from './sight/sight-file.ts'
import type { ServiceSights } from './sight/service-total.ts'
import type { SightSum } from './sight/sight-sum.ts'
import { keepTally, TALLY_FILE } from './tally-file.ts'
import { trafficOf } from './traffic-of.ts'
import { wholeOrders, ordersFor } from './seal-orders.ts'

export interface SupervisorOptions {
  /** How many workers. */
  readonly workers: number
  /** Where the proxy keeps its things. */
  readonly directory: string
  readonly log: Log
}

/** What an earlier supervisor left. */
export interface Legacy {
  readonly charge: Charge
  readonly sockets: Sockets
  readonly journal: SnapshotJournal
  readonly tally: Tally
  readonly sights: SightSum
  readonly stickyKey: Buffer
}

export interface ProxyStatus {
  readonly pid: number
  readonly workers: readonly { readonly pid: number }[]
  /** Of the snapshot in force. */
  readonly version: number
  readonly startedAtMs: number
}

/** Owns the sockets, the routes and the health of all instances, and keeps the workers that carry the traffic. */
export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #startedAtMs = Date.now()
  readonly #health: HealthTable
  readonly #fleet: Fleet
  readonly #sights: SightSum
  readonly #keepLastTally: () => Promise<void>
  readonly #keepLastSight: () => Promise<void>
  readonly #charge: Charge
  readonly #sockets: Sockets
  readonly #journal: SnapshotJournal
  readonly #tools: RoutingTools
  #turn: Promise<unknown> = Promise.resolve()
  #stopping = false

  constructor(legacy: Legacy, options: SupervisorOptions) {
    const { log } = options
    const { charge, sights } = legacy
    this.#options = options
    this.#charge = charge
    this.#sockets = legacy.sockets
    this.#journal = legacy.journal
    this.#sights = sights
    this.#tools = toolsWith(legacy.stickyKey)
    this.#health = new HealthTable((mark, service) => {
      log('health', { ...mark })
      this.#fleet.mark(service, [mark])
    })
    for (const route of charge.routes) this.#health.watch(route)
    this.#fleet = new Fleet({
      size: options.workers,
      log,
      stickyKey: legacy.stickyKey,
      past: legacy.tally,
      orders: () => wholeOrders(this.#charge, this.#health),
      onRefused: (mark) => this.#health.refuse(mark),
      onSight: (delta) => sights.add(delta, Date.now()),
    })
    const tallyPath = join(options.directory, TALLY_FILE)
    this.#keepLastTally = keepTally(tallyPath, this.#fleet, log)
    this.#keepLastSight = keepSight(join(options.directory, SIGHT_FILE), sights, log)
  }

  /**
   * Resolves when the route is on the disk and every living worker obeys it. Rejects with a Problem, the old routes in
   * force; only with `worker-silent` the new route stays, and repeating waits for the rest of the workers.
   */
  async apply(route: Route): Promise<void> {
    await this.#inTurn(async () => {
      refuseFaulty(route, this.#charge.routes)
      routingOf(route, this.#tools)
      const before = this.#charge.postOf(route.service)
      if (isDeepStrictEqual(route, before?.route)) return await this.ready()
      const post = await postFor(route, before, this.#sockets)
      await this.#enforce({ service: route.service, post })
    })
  }

  /** Stops listening for the service and forgets it. One that is not known is no error. */
  async remove(service: ServiceName): Promise<void> {
    await this.#inTurn(async () => {
      if (!this.#charge.routeOf(service)) return await this.ready()
      await this.#enforce({ service, post: undefined })
      this.#fleet.forget(service)
      this.#sights.forget(service)
    })
  }

  traffic(service: ServiceName): Traffic | undefined {
    const route = this.#charge.routeOf(service)
    if (!route) return undefined
    const tally = this.#fleet.tallyOf(service)
    return trafficOf(route, this.#health.marksOf(service), tally, this.sights(service, 0))
  }

  /** What was seen of the service after the reading that gave this cursor; 0 for all. */
  sights(service: ServiceName, cursor: number): ServiceSights | undefined {
    return this.#sights.since(service, cursor, Date.now())
  }

  status(): ProxyStatus {
    return {
      pid: process.pid,
      workers: this.#fleet.pids.map((pid) => ({ pid })),
      version: this.#charge.version,
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
    await this.#inTurn(async () => {
      this.#stopping = true
      this.#options.log('stopping', { drainMs })
      for (const socket of this.#charge.posts.flatMap(socketsOf)) socket.close()
      await this.#fleet.leave(drainMs)
      this.#health.close()
      await this.#journal.rewrite(this.#charge.snapshot)
      await this.#journal.close()
      await this.#keepLastTally()
      await this.#keepLastSight()
    })
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
    const others = (): readonly Route[] =>
      this.#charge.routes.filter((each) => each.service !== service)
    await this.#journal.append(change, () => ({
      version,
      routes: [...others(), ...(post ? [post.route] : [])],
    }))
    this.#options.log('routes', { version, service })
  }

  async #give(change: Change): ReturnType<Fleet['obey']> {
    this.#charge.become(change)
    if (change.post) this.#health.watch(change.post.route)
    else this.#health.forget(change.service)
    return await this.#fleet.obey(ordersFor(change.service, this.#charge, this.#health))
  }

  /** After a change was answered, so that no change waits for it but the next. */
  async #compact(): Promise<void> {
    try {
      await this.#inTurn(() => this.#journal.rewrite(this.#charge.snapshot))
    } catch (error) {
      this.#options.log('snapshot not compacted', { why: String(error) })
    }
  }

  /** One change after the other: each begins from what the last one left. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    if (this.#stopping) throw stopping()
    const before = this.#turn
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#turn = promise
    try {
      await before
      if (this.#stopping) throw stopping()
      await work()
    } finally {
      resolve()
    }
  }
}
