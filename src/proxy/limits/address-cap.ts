import type { Socket } from 'node:net'
import { networkOf } from './network-of.ts'

/** What becomes of a connection: it is served, told that it is one too many, or closed without a word. */
export type Admission = 'served' | 'told' | 'closed'

/**
 * How many connections one address may have open, in this worker. As many again are told so; they stay for a moment,
 * until they have read it. Beyond that telling would cost more than it is worth.
 */
export class AddressCap {
  readonly #most: number
  readonly #open = new Map<string, number>()

  constructor(most: number) {
    this.#most = most
  }

  /** Counts the connection until its socket is closed. */
  admit(socket: Pick<Socket, 'once'>, address: string): Admission {
    const network = networkOf(address)
    const count = (this.#open.get(network) ?? 0) + 1
    this.#open.set(network, count)
    socket.once('close', () => this.#leave(network))
    if (count <= this.#most) return 'served'
    return count <= 2 * this.#most ? 'told' : 'closed'
  }

  #leave(network: string): void {
    const count = (this.#open.get(network) ?? 0) - 1
    if (count > 0) this.#open.set(network, count)
    else this.#open.delete(network)
  }
}
