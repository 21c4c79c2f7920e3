import { randomUUID } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
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
    if (this.#spare.length === 0) return await bindSocket(address)
    const at = this.#spare.findIndex(await whichIsAt(address))
    const [given] = at < 0 ? [] : this.#spare.splice(at, 1)
    if (!given) return await bindSocket(address)
    if (given.origin === 'bound') return given
    return { ...given, address, key: randomUUID(), close: () => void this.#spare.push(given) }
  }
}

/** systemd knows no names of hosts, and binds a bare port to `::`, which takes IPv4 in too. */
async function whichIsAt({ host, port }: Address): Promise<(socket: ListeningSocket) => boolean> {
  const hosts = new Set([host, await numeric(host), ...(host === '0.0.0.0' ? ['::'] : [])])
  return (socket) => socket.address.port === port && hosts.has(socket.address.host)
}

/** A name that nobody knows is for `bindSocket` to refuse. */
async function numeric(host: string): Promise<string> {
  if (isIP(host)) return host
  return await lookup(host).then(
    ({ address }) => address,
    () => host,
  )
}
