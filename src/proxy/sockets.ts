import { randomUUID } from 'node:crypto'
import type { Address } from '../core/address.ts'
import { bindSocket, type ListeningSocket } from './listening-socket.ts'

/**
 * Where the proxy takes its sockets from: one that was bound for it already, by systemd or by an earlier proxy, where
 * there is one with the address; a new one otherwise.
 */
export class Sockets {
  readonly #spare: ListeningSocket[]

  constructor(given: readonly ListeningSocket[] = []) {
    this.#spare = [...given]
  }

  /** Those that are bound and not in use. */
  get spare(): readonly ListeningSocket[] {
    return this.#spare
  }

  /** Rejects as `bindSocket` does. A socket of systemd's comes back when it is closed: it cannot be bound twice. */
  async take(address: Address): Promise<ListeningSocket> {
    const at = this.#spare.findIndex((socket) => isAt(socket, address))
    const [given] = at < 0 ? [] : this.#spare.splice(at, 1)
    if (!given) return await bindSocket(address)
    if (given.origin === 'bound') return given
    return { ...given, key: randomUUID(), close: () => void this.#spare.push(given) }
  }
}

function isAt({ address }: ListeningSocket, { host, port }: Address): boolean {
  return address.host === host && address.port === port
}
