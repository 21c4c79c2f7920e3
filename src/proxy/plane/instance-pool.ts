import type { RouteInstance } from '../../core/route.ts'
import type { Candidate } from '../balance/candidate.ts'
import type { Crossed } from '../balance/outlier-watch.ts'
import { Standing } from '../balance/standing.ts'
import { Stayers } from '../ending/stayers.ts'
import type { AnswerSink } from './answer-sink.ts'
import type { HealthMark, Outlier, Running } from './data-plane-port.ts'
import { InstanceConnection } from '../http1/instance-connection.ts'
import { InstanceSessions } from '../http2/instance-sessions.ts'
import type { InstanceLink } from './instance-link.ts'
import type { InstanceSight } from '../sight/instance-sight.ts'
import { Patience, RECENT_MS } from './patience.ts'
import type { Counting } from './tallies.ts'

/** Where what happens on an instance is counted. */
export interface Counters {
  readonly counting: Counting
  readonly sight: InstanceSight
}

export interface PoolListener {
  /** It was full, and can take one more request now. */
  freed(): void
  /** Too many requests fail on it. */
  failing(pool: InstancePool, crossed: Crossed, nowMs: number): void
}

/** One process of an instance: what runs on it, and the connections to it that wait for work. */
export class InstancePool implements Candidate {
  upgrades = 0
  credit = 0
  readonly standing: Standing = new Standing()
  /** WebSockets and event streams that run on it. */
  readonly stayers: Stayers = new Stayers()
  readonly counting: Counting
  readonly sight: InstanceSight
  readonly #instance: RouteInstance
  readonly #listener: PoolListener
  readonly #idle: InstanceConnection[] = []
  /** Only where the instance speaks HTTP/2. */
  readonly #sessions: InstanceSessions | undefined
  readonly #patience = new Patience()
  #requests = 0
  #state: RouteInstance['state'] | 'gone'

  constructor(instance: RouteInstance, { counting, sight }: Counters, listener: PoolListener) {
    this.#instance = instance
    this.#listener = listener
    this.#state = instance.state
    if (instance.protocol === 'http2') this.#sessions = new InstanceSessions(instance.address)
    this.counting = counting
    this.sight = sight
  }

  get id(): string {
    return this.#instance.id
  }

  get generation(): string {
    return this.#instance.generation
  }

  get release(): string {
    return this.#instance.release
  }

  get serving(): boolean {
    return this.#state === 'serving'
  }

  /** How many run on it now, changed protocols not among them. */
  get requests(): number {
    return this.#requests
  }

  /** Whoever waits is told before anybody else can take the place. */
  set requests(requests: number) {
    const wasFull = this.full
    this.#requests = requests
    if (wasFull && !this.full) this.#listener.freed()
  }

  get full(): boolean {
    return this.#requests >= this.standing.most
  }

  shareAt(nowMs: number): number {
    return this.standing.shareAt(nowMs)
  }

  /** A connection used within this is surely open still, by all that was seen of this instance. */
  get surelyOpenMs(): number {
    return this.#patience.sureMs
  }

  /** One used within this is open, by all that was seen: good enough where a failure costs little. */
  get likelyOpenMs(): number {
    return Math.min(RECENT_MS, this.#patience.riskyMs)
  }

  /** One that was idle for longer may be closed by now. */
  get riskyMs(): number {
    return this.#patience.riskyMs
  }

  /** It left the route and nothing runs on it. */
  get over(): boolean {
    return this.#state === 'gone' && this.requests === 0 && this.upgrades === 0
  }

  matches(id: string, generation: string): boolean {
    return this.#instance.id === id && this.#instance.generation === generation
  }

  /** `gone` when it left the route. Connections that are busy stay. */
  become(state: RouteInstance['state'] | 'gone'): void {
    this.#state = state
    if (state === 'gone') this.standing.leave()
    if (state === 'serving') return this.stayers.serve()
    this.closeIdle()
    this.stayers.drain()
  }

  /** Several requests run on one connection: the instance may refuse one that it was sent. */
  get multiplexed(): boolean {
    return this.#sessions !== undefined
  }

  connect(sink: AnswerSink): InstanceLink {
    if (this.#sessions) return this.#sessions.begin(sink)
    return new InstanceConnection(this.#instance.address, sink, this.#forget)
  }

  /** The connection used last, when that was at most `withinMs` ago: the warmest, and the least likely to be closed. */
  takeIdle(now: number, withinMs: number): InstanceConnection | undefined {
    const last = this.#idle.at(-1)
    if (!last?.isFresh(now, withinMs)) return undefined
    this.#idle.pop()
    if (!last.isExpired(now)) return last
    last.destroy()
    return this.takeIdle(now, withinMs)
  }

  /** Takes back a connection whose request is over. */
  giveBack(connection: InstanceLink, now: number): void {
    if (!(connection instanceof InstanceConnection)) return connection.destroy()
    if (this.#state !== 'serving' || !connection.reusable || this.#isFull())
      return connection.destroy()
    connection.rest(now)
    this.#patience.told(connection.keepAliveMs)
    this.#idle.push(connection)
  }

  sweep(now: number): void {
    this.#sessions?.sweep(now)
    const [oldest] = this.#idle
    if (!oldest) return
    if (oldest.isFresh(now, Infinity)) this.#patience.kept(oldest.idleForMs(now))
    for (const connection of this.#idle.filter((each) => each.isExpired(now))) {
      this.#idle.splice(this.#idle.indexOf(connection), 1)
      connection.destroy()
    }
  }

  /** Sessions with work end after it. */
  closeIdle(): void {
    this.#sessions?.leave()
    for (const connection of this.#idle.splice(0)) connection.destroy()
  }

  running(): Running {
    const { id, generation } = this.#instance
    return { id, generation, requests: this.requests, upgrades: this.upgrades }
  }

  /** A request is over that had reached it. `status` is 0 where it owed the answer or broke off. */
  answered(status: number, nowMs: number): void {
    const crossed = this.standing.watch?.count(status, nowMs)
    if (crossed !== undefined) this.#listener.failing(this, crossed, nowMs)
  }

  /** What to tell when requests fail on it. */
  outlier(reason: string): Outlier {
    const { id, generation } = this.#instance
    return { id, generation, reason }
  }

  /** What to tell when it cannot be reached. */
  downMark(reason: string): HealthMark {
    const { id, generation } = this.#instance
    return { id, generation, health: 'down', reason, unreachable: true }
  }

  #isFull(): boolean {
    return this.#idle.length >= this.#patience.mostIdle
  }

  /** What it says unasked could come a moment later, and be taken for the answer to somebody else. */
  #distrust(): void {
    this.#patience.spokeUnasked()
    this.closeIdle()
  }

  readonly #forget = (connection: InstanceConnection): void => {
    this.#patience.closed(connection.leftAfterMs)
    if (connection.spokeUnasked) this.#distrust()
    const at = this.#idle.indexOf(connection)
    if (at >= 0) this.#idle.splice(at, 1)
  }
}
