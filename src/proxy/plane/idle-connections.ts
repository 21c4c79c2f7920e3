import type { InstanceAddress } from '../../core/address.ts'
import { InstanceConnection } from '../http1/instance-connection.ts'
import type { AnswerSink } from './answer-sink.ts'
import { Patience, RECENT_MS } from './patience.ts'

/** The connections to one process of an instance that wait for work, and what was learned of how long it keeps them. */
export class IdleConnections {
  readonly #idle: InstanceConnection[] = []
  readonly #patience = new Patience()

  /** One used within this is surely open still, by all that was seen of this instance. */
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

  /** A new one, with work. */
  open(address: InstanceAddress, sink: AnswerSink): InstanceConnection {
    return new InstanceConnection(address, sink, this.#forget)
  }

  /** The connection used last, when that was at most `withinMs` ago: the warmest, and the least likely to be closed. */
  take(now: number, withinMs: number): InstanceConnection | undefined {
    const last = this.#idle.at(-1)
    if (!last?.isFresh(now, withinMs)) return undefined
    this.#idle.pop()
    if (!last.isExpired(now)) return last
    last.destroy()
    return this.take(now, withinMs)
  }

  /** Keeps a connection whose request is over, if it can be used again. */
  keep(connection: InstanceConnection, now: number): void {
    if (!connection.reusable || this.#idle.length >= this.#patience.mostIdle)
      return connection.destroy()
    connection.rest(now)
    this.#patience.told(connection.keepAliveMs)
    this.#idle.push(connection)
  }

  sweep(now: number): void {
    const [oldest] = this.#idle
    if (!oldest) return
    if (oldest.isFresh(now, Infinity)) this.#patience.kept(oldest.idleForMs(now))
    for (const connection of this.#idle.filter((each) => each.isExpired(now))) {
      this.#idle.splice(this.#idle.indexOf(connection), 1)
      connection.destroy()
    }
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.destroy()
  }

  readonly #forget = (connection: InstanceConnection): void => {
    this.#patience.closed(connection.leftAfterMs)
    if (connection.spokeUnasked) this.#distrust()
    const at = this.#idle.indexOf(connection)
    if (at >= 0) this.#idle.splice(at, 1)
  }

  /** What it says unasked could come a moment later, and be taken for the answer to somebody else. */
  #distrust(): void {
    this.#patience.spokeUnasked()
    this.close()
  }
}
