import type { AnswerSink } from './answer-sink.ts'
import type { Question } from '../http1/answer-reader.ts'
import type { InstanceLink } from './instance-link.ts'
import type { InstancePool } from './instance-pool.ts'

/** One try to get a request answered, by one instance over one connection. It runs on the instance until it is ended. */
export class Attempt {
  readonly pool: InstancePool
  readonly #sink: AnswerSink
  #connection: InstanceLink | undefined
  #sent = false
  #kept = false
  #over = false

  constructor(pool: InstancePool, sink: AnswerSink) {
    this.pool = pool
    this.#sink = sink
    pool.requests += 1
  }

  /** Whether a byte of the request may have reached the instance. */
  get sent(): boolean {
    return this.#sent
  }

  /** Its connection was kept from before, and nothing has come: the instance may have closed it, and read nothing. */
  get stale(): boolean {
    return this.#kept && this.#connection?.heard === false
  }

  /** It was sent, and the instance has surely not looked at it. */
  get refused(): boolean {
    return this.#connection?.refused ?? false
  }

  /** That it failed says nothing of the instance. */
  get blameless(): boolean {
    return !this.#sent || this.stale || this.refused
  }

  get blocked(): boolean {
    return this.#connection?.blocked ?? false
  }

  get reusable(): boolean {
    return this.#connection?.reusable ?? false
  }

  /**
   * Takes a connection that was used within `withinMs`, or opens one; the sink is told when it is there. Where the
   * instance may be closing the connection, or a limit says that it must not, what has come on it is read first.
   */
  open(withinMs: number, now: number = performance.now()): void {
    const idle = this.pool.idle.take(now, withinMs)
    if (!idle) {
      this.#connection = this.pool.connect(this.#sink)
      return
    }
    this.#connection = idle
    this.#kept = true
    idle.take(this.#sink, now)
    if (withinMs === Infinity && idle.idledMs <= this.pool.idle.riskyMs) this.#sink.connected()
    // A goodbye may wait to be read. This turn of the loop may have asked the system already: the next one asks anew.
    else setImmediate(() => setImmediate(() => this.#afterTurn()))
  }

  send(question: Question, head: string, body: Buffer): boolean {
    this.#sent = true
    return this.#connection?.send(question, head, body) ?? true
  }

  write(bytes: Buffer): boolean {
    return this.#connection?.write(bytes) ?? true
  }

  /** Looks after a connection whose answer may be silent for long. */
  keepAlive(): void {
    this.#connection?.keepAlive()
  }

  pause(): void {
    this.#connection?.pause()
  }

  resume(): void {
    this.#connection?.resume()
  }

  /** The request and its answer are complete. */
  complete(now: number = performance.now()): void {
    if (this.#connection) this.pool.giveBack(this.#connection, now)
    this.#end()
  }

  /** Whatever the connection is doing, nobody waits for it any more. */
  cancel(): void {
    if (this.#over) return
    this.#connection?.destroy()
    this.#end()
  }

  /** The protocol changes: the connection is the tunnel's, and counts as one. */
  yieldConnection(): InstanceLink | undefined {
    const connection = this.#connection
    if (connection) this.pool.upgrades += 1
    this.#end()
    return connection
  }

  /** One that broke off is closed in a moment, and the sink is told of that. */
  #afterTurn(): void {
    if (!this.#over && this.#connection?.open) this.#sink.connected()
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    this.#connection = undefined
    this.pool.requests -= 1
  }
}
