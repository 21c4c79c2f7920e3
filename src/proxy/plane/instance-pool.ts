import type { RouteInstance } from '../../core/route.ts'
import type { EndingSpec } from '../../core/service.ts'
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
import type { ServiceSight } from '../sight/service-sight.ts'
import { IdleConnections } from './idle-connections.ts'
import type { Counting } from './tallies.ts'

/** Where what happens on an instance is counted. */
export interface Counters {
  readonly counting: Counting
  readonly sights: ServiceSight
}

export interface PoolListener {
  /** It was full, and can take one more request now. */
  freed(): void
  /** Too many requests fail on it. */
  failing(pool: InstancePool, crossed: Crossed, nowMs: number): void
}

/**
 * One process of an instance: what runs on it, and the connections to it that wait for work. There may be ten thousand
 * of which most are seldom asked, so what only traffic needs is made with the first of it.
 */
export class InstancePool implements Candidate {
  upgrades = 0
  credit = 0
  readonly standing: Standing = new Standing()
  readonly counting: Counting
  readonly #sights: ServiceSight
  #sight: InstanceSight | undefined
  #stayers: Stayers | undefined
  #ending: EndingSpec | undefined
  readonly #instance: RouteInstance
  readonly #listener: PoolListener
  #idle: IdleConnections | undefined
  /** Only where the instance speaks HTTP/2. */
  readonly #sessions: InstanceSessions | undefined
  #requests = 0
  #state: RouteInstance['state'] | 'gone'

  constructor(instance: RouteInstance, { counting, sights }: Counters, listener: PoolListener) {
    this.#instance = instance
    this.#listener = listener
    this.#state = instance.state
    if (instance.protocol === 'http2') this.#sessions = new InstanceSessions(instance.address)
    this.counting = counting
    this.#sights = sights
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

  /** What was answered by it. */
  get sight(): InstanceSight {
    return (this.#sight ??= this.#sights.of(this.release, this.id))
  }

  /** WebSockets and event streams that run on it. */
  get stayers(): Stayers {
    return (this.#stayers ??= new Stayers(this.#ending))
  }

  /** How WebSockets and event streams leave when it drains. */
  set ending(ending: EndingSpec | undefined) {
    this.#ending = ending
    if (this.#stayers) this.#stayers.ending = ending
  }

  /** HTTP/1.1 connections to it. */
  get idle(): IdleConnections {
    return (this.#idle ??= new IdleConnections())
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
    if (state === 'serving') return this.#stayers?.serve()
    this.closeIdle()
    this.stayers.drain()
  }

  /** Several requests run on one connection: the instance may refuse one that it was sent. */
  get multiplexed(): boolean {
    return this.#sessions !== undefined
  }

  /** WebSockets and event streams leave within so many milliseconds: the proxy ends. */
  dismiss(withinMs: number): void {
    this.stayers.dismiss(withinMs)
  }

  connect(sink: AnswerSink): InstanceLink {
    if (this.#sessions) return this.#sessions.begin(sink)
    return this.idle.open(this.#instance.address, sink)
  }

  /** Takes back a connection whose request is over. */
  giveBack(connection: InstanceLink, now: number): void {
    if (!(connection instanceof InstanceConnection)) return connection.destroy()
    if (this.#state !== 'serving') return connection.destroy()
    this.idle.keep(connection, now)
  }

  sweep(now: number): void {
    this.#sessions?.sweep(now)
    this.#idle?.sweep(now)
  }

  /** Sessions with work end after it. */
  closeIdle(): void {
    this.#sessions?.leave()
    this.#idle?.close()
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
}
