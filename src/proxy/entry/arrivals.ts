import type { Socket } from 'node:net'
import { addressRanges, type InRanges } from '../../lib/address-ranges.ts'
import type { Route } from '../../core/route.ts'
import type { EntrySpec } from '../../core/entry.ts'
import type { LimitSpec } from '../../core/service.ts'
import { reject, type Rejection } from '../http1/rejection.ts'
import type { ServiceCredentials } from '../tls/credentials.ts'
import { TlsChoice } from '../tls/tls-choice.ts'
import { Entrance, type Way } from './entrance.ts'
import type { EntranceHost } from './entrance-host.ts'
import type { Peer } from './peer.ts'
import { RedirectHost } from './redirect-host.ts'
import { Sender } from './sender.ts'
import { strictLine } from './strict-line.ts'

/** Who takes the clients of a service when they have come in. `senderOf(socket)` knows what was learned of them. */
export interface ArrivalsHost {
  http1(socket: Socket): void
  /** Absent where HTTP/2 is not spoken; then it is not offered. */
  http2?(socket: Socket): void
  rejected(rejection: Rejection): void
}

const NOT_LET_IN = reject(400, 'the connection does not begin as it must', 'entrance')

/** How clients come in to one service. Where nothing is to be learned first, they are handed on as they are. */
export class Arrivals implements EntranceHost {
  readonly redirect: RedirectHost
  readonly #host: ArrivalsHost
  #entrance: Entrance | undefined
  #trusted: InRanges | undefined
  #route: Route | undefined
  #credentials: ServiceCredentials | undefined
  strictLine = ''
  /** A client without TLS may begin with HTTP/2. */
  http2InClear = false

  constructor(host: ArrivalsHost, limits: LimitSpec) {
    this.#host = host
    this.redirect = new RedirectHost({ limits, port: 443, proofs: [] }, (why) => host.rejected(why))
  }

  /** Nobody is on the way in, and nobody stands at the side door. */
  get quiet(): boolean {
    return (this.#entrance?.entering ?? 0) === 0 && this.redirect.quiet
  }

  apply(route: Route): void {
    const entry = route.traffic?.entry
    this.#route = route
    this.#trusted = entry && entry.trusted.length > 0 ? addressRanges(entry.trusted) : undefined
    this.strictLine = strictLine(entry?.tls?.hsts)
    this.http2InClear = entry?.http2 === true && !entry.tls
    this.redirect.leaving = false
    this.#lead()
  }

  /** Connections that come from now on are shown these certificates; those that are open stay as they are. */
  equip(credentials: ServiceCredentials | undefined): void {
    this.#credentials = credentials
    this.#lead()
  }

  take(socket: Socket): void {
    if (this.#entrance) void this.#entrance.enter(socket)
    else this.#host.http1(socket)
  }

  http1(socket: Socket, peer: Peer): void {
    this.#host.http1(Object.assign(socket, { sender: new Sender(peer, this.#trusted) }))
  }

  http2(socket: Socket, peer: Peer): void {
    this.#host.http2?.(Object.assign(socket, { sender: new Sender(peer, this.#trusted) }))
  }

  rejected(): void {
    this.#host.rejected(NOT_LET_IN)
  }

  sweep(now: number): void {
    this.redirect.sweep(now)
  }

  #lead(): void {
    const route = this.#route
    const entry = route?.traffic?.entry
    if (!route || !entry) {
      this.#entrance = undefined
      return
    }
    const { limits, listen } = route
    const proofs = this.#credentials?.proofs ?? []
    this.redirect.terms = { limits, port: listen.port, proofs }
    this.#pass(entry, limits.headMs)
  }

  #pass(entry: EntrySpec, withinMs: number): void {
    if (!entry.proxyProtocol && !entry.tls && !this.#trusted) {
      this.#entrance = undefined
      return
    }
    const tls = entry.tls && this.#choiceFor(entry, entry.tls.minVersion)
    const way: Way = { proxyProtocol: entry.proxyProtocol, withinMs, ...(tls && { tls }) }
    if (this.#entrance) this.#entrance.way = way
    else this.#entrance = new Entrance(this, way)
  }

  #choiceFor(entry: EntrySpec, minVersion: 'TLSv1.2' | 'TLSv1.3'): TlsChoice {
    const credentials = this.#credentials ?? { ticketKey: '', certificates: [], proofs: [] }
    const { ticketKey } = credentials
    const protocols = entry.http2 && this.#host.http2 ? ['h2', 'http/1.1'] : ['http/1.1']
    return new TlsChoice(credentials, { minVersion, ticketKey }, protocols)
  }
}
