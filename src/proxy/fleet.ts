import type { ServiceName } from '../core/names.ts'
import type { Traffic } from '../core/traffic.ts'
import type { HealthMark, Outlier, ServiceTally, Tally } from './plane/data-plane-port.ts'
import type { SightDelta } from './sight/sight-delta.ts'
import type { Leave } from './leave.ts'
import { Obedience, type Outcome } from './obedience.ts'
import type { Orphans } from './orphans.ts'
import type { Log } from './proxy-log.ts'
import type { ServiceCredentials } from './tls/credentials.ts'
import { NO_TALLY, remainsOf, sumOf } from './tally-sum.ts'
import type { FromWorker, HealthNews } from './worker-messages.ts'
import { forkedLine, type WorkerLine } from './worker-line.ts'
import { WorkerProcess, type SealedOrders } from './worker-process.ts'

export interface FleetOptions {
  /** How many. */
  readonly workers: number
  /** Where the proxy keeps its things. */
  readonly directory: string
  readonly log: Log
  /** Signs sticky cookies. */
  readonly stickyKey: Buffer
  /** What earlier workers saw. */
  readonly past: Tally
  readonly orphans: Orphans
  /** What each worker needs to speak TLS, by service. */
  readonly credentials: () => readonly (readonly [ServiceName, ServiceCredentials])[]
  /** All that a worker is to do now; asked for whenever one starts. */
  readonly orders: () => SealedOrders
  readonly onRefused: (mark: HealthMark) => void
  readonly onOutlier: (outlier: Outlier) => void
  readonly onSight: (delta: SightDelta) => void
  /** The tally of these services has changed. */
  readonly onTally: (services: readonly ServiceName[]) => void
}

/** A worker that lives shorter than this was not just killed: after the second such in a row the next one waits. */
const YOUNG_MS = 1_000
const LONGEST_WAIT_MS = 5_000
const KILL_AFTER_MS = 1_000

/** The worker processes: always as many as asked for, a dead one replaced at once. */
export class Fleet {
  readonly #options: FleetOptions
  readonly #workers = new Set<WorkerProcess>()
  /** Those among them that are older proxies: they finish what they have, and are not replaced. */
  readonly #elders = new Set<WorkerProcess>()
  readonly #probing = new Map<string, (fault: string | undefined) => void>()
  readonly #obedience = new Obedience(this.#workers)
  #past: Tally
  #told = 0
  #diedYoung = 0
  #leaving: PromiseWithResolvers<void> | undefined

  constructor(options: FleetOptions) {
    this.#options = options
    this.#past = options.past
    for (let count = 0; count < options.workers; count += 1) this.#start()
  }

  get pids(): readonly number[] {
    return [...this.#workers.difference(this.#elders)].map((worker) => worker.pid)
  }

  /** The older proxies that still finish what they have. */
  get elders(): readonly number[] {
    return [...this.#elders].map((elder) => elder.pid)
  }

  /** Those of whom nothing is heard, and who obey nobody. */
  get unheard(): Pick<Traffic, 'orphans'> {
    const { count } = this.#options.orphans
    return count > 0 ? { orphans: count } : {}
  }

  /** An older proxy works for this one until it ends. */
  adopt(line: WorkerLine, version: number, tally: Tally): void {
    const elder = this.#hire(line, tally)
    this.#elders.add(elder)
    elder.obey({ orders: { version, services: [] }, sockets: [] })
  }

  /** Resolves with what is wrong with a worker that cannot carry requests for the service, or with nothing. */
  async probe(service: ServiceName, path: string): Promise<string | undefined> {
    const faults = [...this.#workers].map((worker) => {
      const { promise, resolve } = Promise.withResolvers<string | undefined>()
      this.#probing.set(`${worker.pid} ${service}`, resolve)
      worker.probe(service, path)
      return promise
    })
    return (await Promise.all(faults)).find((fault) => fault !== undefined)
  }

  /** What all workers saw, the dead ones among them. */
  tally(): Tally {
    return sumOf([this.#past, ...[...this.#workers].map((worker) => worker.tally)])
  }

  /** A service that is removed and comes back later does not inherit what dead workers saw of it. */
  forget(service: ServiceName): void {
    this.#past = Object.fromEntries(Object.entries(this.#past).filter(([name]) => name !== service))
  }

  /** What they saw of one service. */
  tallyOf(service: ServiceName): ServiceTally {
    const tallies = [this.#past, ...[...this.#workers].map((worker) => worker.tally)]
    const own = tallies.map((tally) => tally[service]).filter((tally) => tally !== undefined)
    return sumOf(own.map((tally) => ({ [service]: tally })))[service] ?? NO_TALLY
  }

  /** Grows whenever the tally changes. */
  get told(): number {
    return this.#told
  }

  /** Gives every worker these orders, and resolves when every living one obeys them. */
  async obey(sealed: SealedOrders): Promise<Outcome> {
    for (const worker of this.#workers) worker.obey(sealed)
    return await this.obeyed(sealed.orders.version)
  }

  /** Resolves when every living worker obeys this version or a later one. */
  async obeyed(version: number): Promise<Outcome> {
    return await this.#obedience.to(version)
  }

  /** Resolves when every living worker has these credentials. Older proxies keep those they have. */
  async equip(service: ServiceName, credentials?: ServiceCredentials): Promise<void> {
    const own = [...this.#workers.difference(this.#elders)]
    await Promise.all(own.map(async (worker) => worker.equip(service, credentials)))
  }

  mark(news: HealthNews): void {
    for (const worker of this.#workers) worker.mark(news)
  }

  /** Drains every worker and resolves when none is left. */
  async leave(leave: Leave): Promise<void> {
    this.#leaving ??= Promise.withResolvers<void>()
    if (this.#workers.size === 0) this.#leaving.resolve()
    for (const worker of this.#workers) worker.leave(leave)
    const last = setTimeout(() => {
      for (const worker of this.#workers) worker.kill()
    }, leave.limitMs + KILL_AFTER_MS)
    await this.#leaving.promise
    clearTimeout(last)
  }

  #start(): void {
    if (this.#leaving) return
    const { workers, directory } = this.#options
    const orders = this.#options.orders()
    const worker = this.#hire(forkedLine({ workers, directory, sockets: orders.sockets }))
    worker.sign(this.#options.stickyKey)
    for (const each of this.#options.credentials()) void worker.equip(...each)
    worker.obey(orders)
  }

  #hire(line: WorkerLine, tally: Tally = {}): WorkerProcess {
    const listener = {
      onMessage: (from: WorkerProcess, message: FromWorker) => this.#hear(from, message),
      onExit: (from: WorkerProcess, how: string) => this.#lose(from, how),
    }
    const worker = new WorkerProcess(listener, line, tally)
    this.#workers.add(worker)
    return worker
  }

  #hear(worker: WorkerProcess, message: FromWorker): void {
    switch (message.kind) {
      case 'obeyed':
        return this.#obedience.settle()
      case 'not-listening':
        this.#options.log('worker cannot listen', { worker: worker.pid, code: message.code })
        return this.#obedience.end(message)
      case 'refused':
        return this.#options.onRefused(message.mark)
      case 'outlier':
        return this.#options.onOutlier(message.outlier)
      case 'sight':
        return this.#options.onSight(message.sight)
      case 'equipped':
        return undefined
      case 'tally':
        this.#told += 1
        return this.#options.onTally([...Object.keys(message.news.tally), ...message.news.over])
      case 'probed':
        return this.#probing.get(`${worker.pid} ${message.service}`)?.(message.fault)
    }
  }

  #lose(worker: WorkerProcess, how: string): void {
    // A process that could not be started may tell its end twice.
    if (!this.#workers.delete(worker)) return
    this.#past = sumOf([this.#past, remainsOf(worker.tally)])
    this.#told += 1
    this.#options.onTally(Object.keys(worker.tally))
    if (this.#leaving) {
      // Whoever waits for the rest to obey must not wait for this one.
      this.#obedience.settle()
      if (this.#workers.size === 0) this.#leaving.resolve()
      return
    }
    if (this.#elders.delete(worker)) this.#options.log('older proxy ended', { proxy: worker.pid })
    else this.#replace(worker, how)
    this.#obedience.settle()
  }

  #replace(worker: WorkerProcess, how: string): void {
    const livedMs = Date.now() - worker.bornAtMs
    this.#diedYoung = livedMs < YOUNG_MS ? this.#diedYoung + 1 : 0
    const waitMs = waitFor(this.#diedYoung)
    this.#options.log('worker ended', { worker: worker.pid, how, livedMs, waitMs })
    if (waitMs === 0) this.#start()
    else setTimeout(() => this.#start(), waitMs)
  }
}

/** None for the first that died young, then 100 ms, doubled each time. */
function waitFor(diedYoung: number): number {
  return diedYoung < 2 ? 0 : Math.min(LONGEST_WAIT_MS, 100 * 2 ** (diedYoung - 2))
}
