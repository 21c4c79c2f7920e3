import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { ServiceName } from '../core/names.ts'
import type { Route } from '../core/route.ts'
import type { Traffic } from '../core/traffic.ts'
import { closeAllBut, routeOf, withoutService, withRoute, type Charge } from './charge.ts'
import type { Tally } from './plane/data-plane-port.ts'
import { Fleet } from './fleet.ts'
import { HealthTable } from './health/health-table.ts'
import { notListening, stopping, workerSilent } from './order-problem.ts'
import type { Log } from './proxy-log.ts'
import { refuseFaulty } from './route-fault.ts'
import { SNAPSHOT_FILE, writeSnapshot } from './snapshot-file.ts'
import { keepSight, SIGHT_FILE } from './sight/sight-file.ts'
import type { ServiceSights } from './sight/service-total.ts'
import type { SightSum } from './sight/sight-sum.ts'
import { keepTally, TALLY_FILE } from './tally-file.ts'
import { NO_TALLY } from './tally-sum.ts'
import { trafficOf } from './traffic-of.ts'

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
  readonly tally: Tally
  readonly sights: SightSum
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
  #charge: Charge
  #turn: Promise<unknown> = Promise.resolve()
  #stopping = false

  constructor({ charge, tally, sights }: Legacy, options: SupervisorOptions) {
    const { log } = options
    this.#options = options
    this.#charge = charge
    this.#sights = sights
    this.#health = new HealthTable((mark) => {
      log('health', { ...mark })
      this.#fleet.mark([mark])
    })
    this.#health.watch(charge.snapshot.routes)
    this.#fleet = new Fleet({
      size: options.workers,
      log,
      past: tally,
      orders: () => ({ ...this.#charge.snapshot, marks: this.#health.marks(), ...this.#charge }),
      onRefused: (mark) => this.#health.refuse(mark),
      onSight: (delta) => sights.add(delta, Date.now()),
    })
    const tallyPath = join(options.directory, TALLY_FILE)
    this.#keepLastTally = keepTally(tallyPath, () => this.#fleet.tally(), log)
    this.#keepLastSight = keepSight(join(options.directory, SIGHT_FILE), sights, log)
  }

  /**
   * Resolves when the route is on the disk and every living worker obeys it. Rejects with a Problem, the old routes in
   * force; only with `worker-silent` the new route stays, and repeating waits for the rest of the workers.
   */
  async apply(route: Route): Promise<void> {
    await this.#inTurn(async () => {
      refuseFaulty(route, this.#charge.snapshot.routes)
      if (isDeepStrictEqual(route, routeOf(this.#charge, route.service))) return await this.ready()
      await this.#enforce(await withRoute(this.#charge, route))
    })
  }

  /** Stops listening for the service and forgets it. One that is not known is no error. */
  async remove(service: ServiceName): Promise<void> {
    await this.#inTurn(async () => {
      if (!routeOf(this.#charge, service)) return await this.ready()
      await this.#enforce(withoutService(this.#charge, service))
      this.#fleet.forget(service)
      this.#sights.forget(service)
    })
  }

  traffic(service: ServiceName): Traffic | undefined {
    const route = routeOf(this.#charge, service)
    if (!route) return undefined
    const tally = this.#fleet.tally()[service] ?? NO_TALLY
    return trafficOf(route, this.#health.marks(), tally, this.sights(service, 0))
  }

  /** What was seen of the service after the reading that gave this cursor; 0 for all. */
  sights(service: ServiceName, cursor: number): ServiceSights | undefined {
    return this.#sights.since(service, cursor, Date.now())
  }

  status(): ProxyStatus {
    return {
      pid: process.pid,
      workers: this.#fleet.pids.map((pid) => ({ pid })),
      version: this.#charge.snapshot.version,
      startedAtMs: this.#startedAtMs,
    }
  }

  /** Resolves when every living worker obeys the routes in force. */
  async ready(): Promise<void> {
    const outcome = await this.#fleet.obeyed(this.#charge.snapshot.version)
    if (outcome.kind === 'not-listening') throw notListening(this.#charge, outcome)
    if (outcome.kind === 'silent') throw workerSilent(outcome.pids)
  }

  /** Stops listening and resolves when all that ran has ended, or was cut after `drainMs` milliseconds. */
  async stop(drainMs: number): Promise<void> {
    await this.#inTurn(async () => {
      this.#stopping = true
      this.#options.log('stopping', { drainMs })
      for (const socket of this.#charge.sockets.values()) socket.close()
      await this.#fleet.leave(drainMs)
      this.#health.close()
      await this.#keepLastTally()
      await this.#keepLastSight()
    })
  }

  /** Persisted before anybody obeys it. When a worker cannot listen, everything goes back to what it was. */
  async #enforce(next: Charge): Promise<void> {
    const before = this.#charge
    try {
      await this.#persist(next)
      const outcome = await this.#give(next)
      if (outcome.kind === 'not-listening') {
        await this.#giveBack(before)
        throw notListening(next, outcome)
      }
      if (outcome.kind === 'silent') throw workerSilent(outcome.pids)
    } finally {
      closeAllBut(this.#charge, before, next)
    }
  }

  async #giveBack(before: Charge): Promise<void> {
    const version = this.#charge.snapshot.version + 1
    const back = { ...before, snapshot: { ...before.snapshot, version } }
    await this.#persist(back)
    await this.#give(back)
  }

  async #persist({ snapshot }: Charge): Promise<void> {
    await writeSnapshot(join(this.#options.directory, SNAPSHOT_FILE), snapshot)
    this.#options.log('routes', { version: snapshot.version })
  }

  async #give(charge: Charge): ReturnType<Fleet['obey']> {
    this.#charge = charge
    this.#health.watch(charge.snapshot.routes)
    return await this.#fleet.obey()
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
