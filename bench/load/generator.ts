import { Worker } from 'node:worker_threads'
import { spreadOf } from '../sample.ts'
import { Client } from './client.ts'
import type { LoadOutcome, LoadPlan } from './talk.ts'

/** Never more connections than this many times those it begins with. */
const MOST_TIMES = 4
/** What was begun may be answered for so long after the end. */
const LAST_MS = 10_000

/**
 * Sends one message many times. With a rate it is an open loop: a message begins when it is due, on a new connection
 * when all kept ones are busy. One that found no connection free is counted from when it was due, so that a proxy that
 * stalls meets all that would have come meanwhile.
 */
export class Generator {
  readonly #plan: LoadPlan
  readonly #message: Buffer
  readonly #ended: PromiseWithResolvers<void> = Promise.withResolvers()
  readonly #idle: Client[] = []
  readonly #open: Set<Client> = new Set()
  readonly #latencies: number[] = []
  readonly #lateness: number[] = []
  readonly #cpuBefore: NodeJS.CpuUsage = process.cpuUsage()
  #startedAt = 0
  #begun = 0
  #failed = 0
  #isCrowded = false
  #isOver = false

  constructor(plan: LoadPlan) {
    this.#plan = plan
    this.#message = Buffer.from(plan.talk.message, 'latin1')
  }

  async run(): Promise<LoadOutcome> {
    const { connections, perSecond, seconds, talk } = this.#plan
    this.#startedAt = performance.now()
    const clock = perSecond === undefined ? undefined : this.#startClock()
    if (talk.connection === 'kept' || perSecond === undefined)
      for (let count = 0; count < connections; count += 1) this.#begin(this.#startedAt)
    setTimeout(() => this.#close(), seconds * 1_000)
    await this.#ended.promise
    void clock?.terminate()
    for (const client of this.#idle) client.destroy()
    const { user, system } = process.cpuUsage(this.#cpuBefore)
    const done = this.#latencies.length
    return {
      done,
      failed: this.#failed,
      seconds: (performance.now() - this.#startedAt) / 1_000,
      latency: spreadOf(this.#latencies),
      ownMicrosPerMessage: (user + system) / Math.max(1, done),
      lateP99Ms: spreadOf(this.#lateness).p99,
    }
  }

  /** A thread of its own sleeps between the ticks: this one's timers would have whole milliseconds only. */
  #startClock(): Worker {
    const clock = new Worker(new URL('./clock.ts', import.meta.url))
    clock.on('message', () => this.#beginDue())
    return clock
  }

  #beginDue(): void {
    const { perSecond } = this.#plan
    if (perSecond === undefined || this.#isOver) return
    const now = performance.now()
    for (;;) {
      const due = this.#startedAt + (this.#begun * 1_000) / perSecond
      if (due > now || this.#open.size >= this.#plan.connections * MOST_TIMES) {
        this.#isCrowded = due <= now
        return
      }
      this.#lateness.push(this.#isCrowded ? 0 : now - due)
      this.#begin(this.#isCrowded ? due : now)
    }
  }

  #begin(at: number): void {
    this.#begun += 1
    const client = this.#idle.pop() ?? new Client(this.#plan.talk, this.#message, this)
    this.#open.add(client)
    client.send(at)
  }

  answered(client: Client): void {
    this.#open.delete(client)
    this.#latencies.push(performance.now() - client.sentAt)
    client.sentAt = -1
    if (this.#plan.talk.connection === 'kept') this.#idle.push(client)
    else client.destroy()
    this.#goOn()
  }

  broke(client: Client): void {
    // One that idles is closed by the other side as it likes.
    const at = this.#idle.indexOf(client)
    if (at >= 0) return void this.#idle.splice(at, 1)
    this.#open.delete(client)
    this.#failed += 1
    this.#goOn()
  }

  #goOn(): void {
    if (this.#isOver) return this.#endWhenDone()
    if (this.#plan.perSecond === undefined) this.#begin(performance.now())
    else this.#beginDue()
  }

  #close(): void {
    this.#isOver = true
    setTimeout(() => this.#giveUp(), LAST_MS).unref()
    this.#endWhenDone()
  }

  #giveUp(): void {
    this.#failed += this.#open.size
    for (const client of this.#open) client.destroy()
    this.#ended.resolve()
  }

  #endWhenDone(): void {
    if (this.#open.size === 0) this.#ended.resolve()
  }
}
