import { isIP } from 'node:net'
import { plainAddress, type InRanges } from '../../lib/address-ranges.ts'
import { coversHost } from '../tls/certificate-names.ts'
import { isHost } from '../http1/host.ts'
import type { Claims } from './claims.ts'
import type { Peer } from './peer.ts'

/** What the proxy itself knows of who asks, or has been told by somebody it trusts. */
export class Sender {
  /** Where the client is, in plain form; `unknown` when it left too soon to be asked. */
  readonly address: string
  /** The client came over TLS. */
  readonly secure: boolean
  /** The host of a request that came without one, as HTTP/1.0 allows. */
  readonly host: string
  /** The names that the certificate of the connection is for; a request for another one is misdirected. Unset: no matter. */
  readonly names: readonly string[] | undefined
  readonly #claimed: Claimed
  readonly #trusted: InRanges | undefined
  readonly #peer: Peer
  #coveredHost: string | undefined
  #linesHost: string | undefined
  #lines = ''

  constructor(peer: Peer, trusted: InRanges | undefined, claimed: Claimed = NOTHING_CLAIMED) {
    const way = [...claimed.way, peer.address]
    this.address = trusted ? clientIn(way, trusted) : peer.address
    this.secure = claimed.proto === undefined ? peer.secure : claimed.proto === 'https'
    this.host = `${bracketed(peer.localAddress)}:${peer.localPort}`
    // A trusted gateway answers for the hosts it sends (RFC 9110 §7.4), and seldom asks with their names.
    this.names = trusted?.(peer.address) ? undefined : peer.names
    this.#claimed = claimed
    this.#trusted = trusted
    this.#peer = peer
  }

  /** Who sends this request: somebody else, where a trusted peer says so. */
  of(claims: Claims | undefined): Sender {
    const trusted = this.#trusted
    if (!trusted || !claims || !trusted(this.#peer.address)) return this
    return new Sender(this.#peer, trusted, believed(claims))
  }

  /** Whether requests for this host may come here: over TLS the certificate has to be for it (RFC 9110 §7.4). */
  covers(host: string): boolean {
    if (!this.names || this.#coveredHost === host) return true
    if (!coversHost(this.names, host)) return false
    this.#coveredHost = host
    return true
  }

  /** The lines that tell an instance who asked, for this host; what strangers claimed is not in them. */
  forwarded(host: string): string {
    if (this.#linesHost !== host) {
      this.#linesHost = host
      this.#lines = this.#linesFor(host)
    }
    return this.#lines
  }

  #linesFor(ownHost: string): string {
    const { way, host = ownHost, port = String(this.#peer.localPort) } = this.#claimed
    const proto = this.secure ? 'https' : 'http'
    const all = [...way, this.#peer.address]
    const elements = all.map(node)
    elements.push(`${elements.pop() ?? ''};host="${host}";proto=${proto}`)
    return (
      `X-Forwarded-For: ${all.join(', ')}\r\nX-Forwarded-Proto: ${proto}\r\nX-Forwarded-Host: ${host}\r\n` +
      `X-Forwarded-Port: ${port}\r\nForwarded: ${elements.join(', ')}\r\n`
    )
  }
}

/** What a trusted peer says of those before it. */
interface Claimed {
  /** Addresses, the client's own first; `unknown` for what is no address. */
  readonly way: readonly string[]
  readonly proto?: string
  readonly host?: string
  readonly port?: string
}

const NOTHING_CLAIMED: Claimed = { way: [] }

/** Both lists say the same when there are both; `Forwarded` alone is read as the other would be. */
function believed({ forwardedFor, forwarded, proto, host, port }: Claims): Claimed {
  const way = (forwardedFor.length > 0 ? forwardedFor : forwarded).map(addressIn)
  return {
    way,
    ...((proto === 'http' || proto === 'https') && { proto }),
    ...(host !== undefined && isHost(host) && { host }),
    ...(port !== undefined && /^[0-9]{1,5}$/.test(port) && { port }),
  }
}

/** The first from the right that is not trusted: everything left of it may be made up. */
function clientIn(way: readonly string[], trusted: InRanges): string {
  let client = way.at(-1) ?? 'unknown'
  for (let at = way.length - 1; at >= 0 && trusted(client); at -= 1) {
    const before = way[at - 1]
    if (before === undefined || before === 'unknown') return client
    client = before
  }
  return client
}

/** `192.0.2.43`, `192.0.2.43:47011`, `2001:db8::1`, `[2001:db8::1]:4711`. */
function addressIn(element: string): string {
  const bare = /^\[([^\]]*)\](?::[0-9]+)?$/.exec(element)?.[1] ?? element
  const address = isIP(bare) ? bare : bare.replace(/:[0-9]+$/, '')
  return isIP(address) ? plainAddress(address) : 'unknown'
}

/** RFC 7239 §6. */
function node(address: string): string {
  return address.includes(':') ? `for="[${address}]"` : `for=${address}`
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}
