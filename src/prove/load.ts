import type { Address } from '../core/address.ts'
import { startArrivals, type Arrivals } from './arrivals.ts'
import type { Call, Kind, Session, Task } from './call.ts'
import { Connection } from './connection.ts'
import { ConnectionPool } from './connection-pool.ts'
import { isSevered, type Line, type Severing } from './line.ts'
import { LOAD_DEFAULTS, type LoadOptions } from './load-options.ts'
import type { LoadCounts, LoadResult, SentEffect } from './load-result.ts'
import { sumUp, type LoadMark } from './sum-up.ts'
import { Tally } from './tally.ts'
import { verdictOf, type Verdict } from './verdict.ts'
import { WebSocketSession } from './websocket.ts'

/** Of a call that broke and may be repeated, should its line turn out to be severed. */
interface Repeatable {
  readonly call: Call
  readonly line: Line
}

/** Begins to send traffic to `target` at once. It ends by itself; see `LoadOptions`. */
export function startLoad(target: Address, options: LoadOptions): Load {
  return new Load(target, options)
}

/** Users of a service, all of them at once. */
export class Load {
  /** What it all came to, when the arrivals are over and everything in flight has ended. Never rejects. */
  readonly done: Promise<LoadResult>
  readonly #target: Address
  readonly #options: Required<Omit<LoadOptions, 'signal'>>
  readonly #arrivals: Arrivals
  readonly #pool: ConnectionPool
  readonly #tally: Tally = new Tally()
  readonly #samples: Map<Kind, number[]> = new Map()
  readonly #effects: SentEffect[] = []
  readonly #marks: LoadMark[]
  readonly #severings: Severing[] = []
  readonly #inFlight: Set<Connection | WebSocketSession> = new Set()
  readonly #pending: Set<Promise<void>> = new Set()
  #repeatable: Repeatable[] = []

  constructor(target: Address, options: LoadOptions) {
    this.#target = target
    this.#options = { ...LOAD_DEFAULTS, ...options }
    this.#pool = new ConnectionPool(target, this.#options.connections)
    this.#marks = [{ name: 'start', ...this.#tally.mark() }]
    this.#arrivals = startArrivals(
      this.#options.mix,
      (task, dueAt) => this.#begin(task, dueAt),
      this.#options,
    )
    options.signal?.addEventListener('abort', () => this.#abort(), { once: true })
    if (options.signal?.aborted) this.#abort()
    this.done = this.#finish()
  }

  /** Opens a phase of this name; the one before ends here. */
  mark(name: string): LoadMark {
    const mark = { name, ...this.#tally.mark() }
    this.#marks.push(mark)
    return mark
  }

  /** What has ended since the mark, or since the start. */
  countsSince(mark?: LoadMark): LoadCounts {
    const from = mark ?? this.#marks[0] ?? this.#tally.mark()
    return this.#tally.between(from, this.#tally.mark(), this.#severings)
  }

  /**
   * Announces that the process which owns the other ends of these local ports is being killed on purpose. What breaks
   * on them counts as severed; a GET among it is repeated once, as any browser does, and that must succeed.
   * Call it before the kill, or within a second after it.
   */
  sever(localPorts: ReadonlySet<number>): void {
    this.#severings.push({ localPorts, at: performance.now() })
    const waiting = this.#repeatable
    this.#repeatable = waiting.filter(({ line }) => !isSevered(line, this.#severings))
    for (const { call, line } of waiting) if (isSevered(line, this.#severings)) this.#repeat(call)
  }

  /** Lets nothing more begin; everything in flight may end. */
  stop(): Promise<LoadResult> {
    this.#arrivals.stop()
    return this.done
  }

  #begin(task: Task, dueAt: number): void {
    if (this.#inFlight.size < this.#options.inFlight) {
      this.#track(task.kind === 'websocket' ? this.#talk(task) : this.#call(task, dueAt))
      return
    }
    const reason = `not begun: ${this.#inFlight.size} in flight`
    this.#tally.request(task.kind, { kind: 'failed', reason, reset: false })
  }

  #track(work: Promise<void>): void {
    this.#pending.add(work)
    void work.finally(() => this.#pending.delete(work))
  }

  async #call(call: Call, dueAt: number): Promise<void> {
    const { connection, verdict } = await this.#exchange(call)
    if (verdict.kind === 'aborted') return
    this.#tally.request(call.kind, verdict, connection.line)
    if (call.effect)
      this.#effects.push({ ...call.effect, kind: call.kind, answered: verdict.kind === 'good' })
    if (verdict.kind !== 'failed') this.#sample(call.kind, performance.now() - dueAt)
    else if (call.method === 'GET' && verdict.reset) this.#broke({ call, line: connection.line })
  }

  async #exchange(call: Call): Promise<{ connection: Connection; verdict: Verdict }> {
    const connection = call.connection === 'kept' ? this.#pool.take() : new Connection(this.#target)
    this.#inFlight.add(connection)
    const ending = await connection.send(call, this.#options.timeoutMs)
    this.#inFlight.delete(connection)
    return { connection, verdict: verdictOf(ending, call.check, this.#options.appMarks) }
  }

  #broke(broken: Repeatable): void {
    if (isSevered(broken.line, this.#severings)) this.#repeat(broken.call)
    else this.#repeatable.push(broken)
  }

  #repeat(call: Call): void {
    const again = async () => {
      const { verdict } = await this.#exchange({ ...call, connection: 'fresh' })
      // Without a line: the repeat has no excuse.
      this.#tally.request(call.kind, verdict)
    }
    this.#track(again())
  }

  async #talk(session: Session): Promise<void> {
    const socket = new WebSocketSession(this.#target, session, this.#options.timeoutMs)
    this.#inFlight.add(socket)
    const end = await socket.ended
    this.#inFlight.delete(socket)
    const check: Call['check'] = ({ status }) =>
      status === 101 ? undefined : `the upgrade was answered ${status}`
    const verdict = verdictOf(end.handshake, check, this.#options.appMarks)
    this.#tally.request('websocket', verdict, socket.line)
    this.#tally.websocket(end, socket.line)
  }

  #sample(kind: Kind, ms: number): void {
    const samples = this.#samples.get(kind)
    if (samples) samples.push(ms)
    else this.#samples.set(kind, [ms])
  }

  #abort(): void {
    this.#arrivals.stop()
    for (const one of this.#inFlight) one.destroy()
  }

  async #finish(): Promise<LoadResult> {
    await this.#arrivals.over
    // What ends may begin a repeat.
    while (this.#pending.size > 0) await Promise.all(this.#pending)
    this.#pool.close()
    return sumUp({
      tally: this.#tally,
      marks: this.#marks,
      severings: this.#severings,
      samples: this.#samples,
      effects: this.#effects,
    })
  }
}
