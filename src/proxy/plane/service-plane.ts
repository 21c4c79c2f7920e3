import type { Server, Socket } from 'node:net'
import type { Route } from '../../core/route.ts'
import type { LimitSpec } from '../../core/service.ts'
import { ClientConnection } from '../http1/client-connection.ts'
import type { ClientHost } from '../http1/client-host.ts'
import type { ClientSession, SessionHost } from '../http2/client-session.ts'
import { sessionFrom, sessionOver } from '../http2/open-session.ts'
import type { Wire } from '../wire/wire.ts'
import type { DataPlaneOptions, HealthMark, ServiceTally } from './data-plane-port.ts'
import { Exchange } from './exchange.ts'
import type { ClientSide } from './client-side.ts'
import { Gatehouse } from '../ending/gatehouse.ts'
import { Hold } from './hold.ts'
import type { InstancePool } from './instance-pool.ts'
import { InstanceSet } from './instance-set.ts'
import { Arrivals, type ArrivalsHost } from '../entry/arrivals.ts'
import { dismissal } from '../entry/dismissal.ts'
import type { ServiceCredentials } from '../tls/credentials.ts'
import { keepAliveLines } from '../http1/keep-alive-lines.ts'
import type { Sender } from '../http1/forward-head.ts'
import type { Rejection } from '../http1/rejection.ts'
import type { RequestHead } from '../http1/request-head.ts'
import { Http1Turn } from '../http1/turn.ts'
import type { Choice } from './choice.ts'
import { CurrentRouting } from '../routing/current-routing.ts'
import type { RoutingTools } from '../routing/routing.ts'
import { Incidents } from '../sight/incidents.ts'
import { userOf } from '../routing/user-of.ts'
import { routedChoice } from './routed-choice.ts'
import { Watch } from '../witness/watch.ts'
import { witnessed } from '../witness/witnessed.ts'
import type { RequestSink } from './request-sink.ts'
import type { ServiceContext } from './service-context.ts'
import { CROWDED, Guards } from '../limits/guards.ts'
import { RetryBudget } from '../limits/retry-budget.ts'
import { Spool } from '../limits/spool.ts'
import { isUntouched, newTallies, readingOf, requestsIn, type Tallies } from './tallies.ts'

/** Of a service that is no longer served, idle clients have not long to ask for it. */
const REMOVED_PATIENCE_MS = 1000
/** Until a route says otherwise: connections are taken, requests refused. */
const BEFORE_ROUTE: LimitSpec = {
  headBytes: 32_768,
  bodyBytes: 0,
  headMs: 10_000,
  keepAliveMs: 5000,
  idleMs: 5000,
  connectMs: 1000,
  answerMs: 5000,
  holdMs: 0,
  holdRequests: 0,
}

/** The traffic of one service: its clients, its instances, and what was counted. */
export class ServicePlane
  implements ClientHost<ClientConnection>, SessionHost, ServiceContext, ArrivalsHost
{
  readonly #routing = new CurrentRouting()
  readonly tallies: Tallies = newTallies(new Incidents(userOf(() => this.#routing.now)))
  readonly retries: RetryBudget = new RetryBudget(() => requestsIn(this.tallies))
  readonly spool: Spool = new Spool()
  readonly hold: Hold = new Hold(this.tallies)
  readonly instances: InstanceSet = new InstanceSet(this.tallies, Math.random, {
    freed: () => this.#gatehouse.freed(),
    outlier: (outlier) => this.#options.onOutlier?.(outlier),
  })
  limits: LimitSpec = BEFORE_ROUTE
  assets: readonly string[] | undefined
  leaving = false
  patienceMs = 0
  strictLine = ''
  keepAliveLines: string = keepAliveLines(BEFORE_ROUTE.keepAliveMs)
  readonly #options: DataPlaneOptions
  readonly #watch: Watch
  readonly #gatehouse = new Gatehouse(this.hold, this.instances)
  readonly #guards = new Guards({
    rejected: (rejection) => this.rejected(rejection),
    slowReader: () => {
      this.tallies.slowReaders += 1
    },
  })
  readonly #arrivals = new Arrivals(this, BEFORE_ROUTE)
  readonly #servers = new Set<Server>()
  readonly #clients = new Set<ClientConnection | ClientSession>()
  /** Something may have changed since the tally was last taken; while a client is connected, always. */
  #stirred = true
  #taken = ''

  constructor(options: DataPlaneOptions) {
    this.#options = options
    this.#watch = new Watch({
      instances: this.instances,
      sight: this.tallies.sight,
      ...(options.onAccess && { onAccess: options.onAccess }),
    })
  }

  /** No client is connected. */
  get quiet(): boolean {
    return this.#clients.size === 0 && this.#arrivals.quiet
  }

  serve(server: Server): void {
    this.#listen(server, (socket) => this.#arrivals.take(socket))
  }

  /** Without an entrance. */
  serveInside(server: Server): void {
    this.#listen(server, (socket) => this.http1(socket))
  }

  /** Sends every client that `server` accepts to HTTPS. */
  redirect(server: Server): void {
    this.#listen(server, (socket) => this.#arrivals.redirect.take(socket))
  }

  /** Uses these certificates for connections that come from now on. */
  equip(credentials: ServiceCredentials | undefined): void {
    this.#arrivals.equip(credentials)
  }

  http1(socket: Socket): void {
    const admission = this.#guards.admit(socket)
    if (admission === 'closed') return void socket.destroy()
    const client = new ClientConnection(socket, this)
    this.#clients.add(client)
    if (admission === 'told') client.reject(CROWDED)
  }

  http2(socket: Socket): void {
    const admission = this.#guards.admit(socket)
    if (admission === 'served') return void this.#clients.add(sessionOver(socket, this))
    if (admission === 'told') this.rejected(CROWDED)
    socket.destroy()
  }

  takeHttp2(client: ClientConnection, wire: Wire, first: Buffer): boolean {
    if (!this.#arrivals.http2InClear) return false
    this.#clients.delete(client)
    this.#clients.add(sessionFrom(wire, first, client.sender, this))
    return true
  }

  apply(route: Route, tools: RoutingTools): void {
    this.leaving = false
    this.#applyRouting(route, tools)
    this.limits = route.limits
    this.tallies.sight.incidents.slowMs = route.slowMs ?? Infinity
    this.retries.obey(route.limits.retries)
    this.#guards.apply(route.limits)
    this.assets = route.traffic?.assets
    this.#watch.apply(route)
    this.#arrivals.apply(route)
    this.strictLine = this.#arrivals.strictLine
    this.keepAliveLines = keepAliveLines(route.limits.keepAliveMs)
    this.instances.apply(route, this.#options.workers ?? 1)
    this.#stirred = true
    this.#gatehouse.apply(route, this.#options.workers ?? 1)
  }

  mark(mark: HealthMark): void {
    this.instances.mark(mark)
    this.#gatehouse.wake()
  }

  /** Accepts no more, and tells clients to go. What runs and what is held goes on. */
  leave(patienceMs: number): void {
    this.leaving = true
    this.patienceMs = patienceMs
    this.#arrivals.redirect.leave(patienceMs)
    for (const server of this.#servers) server.close()
  }

  /** The service left the routes. */
  remove(): void {
    this.instances.apply({ weights: {}, instances: [] }, 1)
    this.leave(REMOVED_PATIENCE_MS)
  }

  begin(client: ClientConnection, head: RequestHead): RequestSink {
    return this.exchange(new Http1Turn(client, head, this), head)
  }

  /** One request of any client, seen by whoever watches. */
  exchange(client: ClientSide, head: RequestHead): RequestSink {
    const dismissed = dismissal(client, head)
    if (dismissed) return dismissed
    if (!this.#watch.on) return this.#exchange(client, head)
    const witnesses = this.#watch.witnessesOf(client, head)
    return witnessed(client, witnesses, (seen) => this.#exchange(seen, head))
  }

  choose(request: RequestHead, sender: Sender, not: InstancePool | undefined): Choice | undefined {
    if (this.#gatehouse.on && this.#gatehouse.holdsBack(request)) return undefined
    const routing = this.#routing.now
    if (routing) {
      const choice = routedChoice(routing, this.instances, { request, sender, not })
      if (choice?.why !== undefined) this.tallies.sight.decided(choice.why)
      return choice
    }
    const pool = this.instances.choose(not)
    return pool && { pool }
  }

  rejected({ code }: Rejection): void {
    const { rejections } = this.tallies
    this.tallies.rejected += 1
    rejections.set(code, (rejections.get(code) ?? 0) + 1)
  }

  closed(client: ClientConnection | ClientSession): void {
    this.#clients.delete(client)
    this.#stirred = true
  }

  unreachable(pool: InstancePool, reason: string): void {
    const mark = pool.downMark(reason)
    this.instances.mark(mark)
    this.#options.onRefused(mark)
  }

  sweep(now: number): void {
    for (const client of this.#clients) client.sweep(now)
    this.#arrivals.sweep(now)
    this.instances.sweep(now)
    this.#gatehouse.sweep(now)
    this.#watch.sweep(now)
    this.retries.sweep(now)
  }

  tally(): ServiceTally {
    const counts = [...this.tallies.byRelease].map(
      ([release, counting]) => [release, readingOf(counting)] as const,
    )
    return {
      ...(this.tallies.slowReaders > 0 && { slowReaders: this.tallies.slowReaders }),
      ...(this.retries.refused > 0 && { retriesRefused: this.retries.refused }),
      counts: Object.fromEntries(counts),
      running: this.instances.running(),
      held: this.tallies.held,
      ...(this.tallies.released > 0 && { released: this.tallies.released }),
      holding: this.hold.size,
      refused: this.tallies.refused,
      rejected: this.tallies.rejected,
      ...(this.tallies.rejected > 0 && {
        rejections: Object.fromEntries(this.tallies.rejections),
      }),
    }
  }

  #exchange(client: ClientSide, head: RequestHead): RequestSink {
    if (!this.#guards.on) return new Exchange(client, head, this)
    return this.#guards.guard(client, head, (paced) => new Exchange(paced, head, this))
  }

  /** The process must go on with what it had: where the fault is, the supervisor has said. */
  #applyRouting(route: Route, tools: RoutingTools): void {
    try {
      this.#routing.apply(route, tools)
    } catch (fault) {
      if (!this.#options.onFault) throw fault
      this.#options.onFault(fault)
    }
  }

  /** The tally when it has changed since it was last taken. Costs next to nothing while nobody is connected. */
  takeTally(): ServiceTally | undefined {
    if (!this.#stirred && this.quiet) return undefined
    this.#stirred = false
    if (this.#taken === '' && isUntouched(this.tallies)) return undefined
    const whole = this.tally()
    const running = whole.running.filter((each) => each.requests + each.upgrades > 0)
    const tally = { ...whole, running }
    this.#stirred = running.length > 0
    const text = JSON.stringify(tally)
    if (text === this.#taken) return undefined
    this.#taken = text
    return tally
  }

  #listen(server: Server, take: (socket: Socket) => void): void {
    this.#servers.add(server)
    server.on('connection', take)
    // A connection that could not be accepted is the system's to report; the next one may be fine.
    server.on('error', () => undefined)
    server.on('close', () => this.#servers.delete(server))
  }
}
