import type { Socket } from 'node:net'
import { ownAnswer } from '../http1/answers.ts'
import { handshake } from '../tls/handshake.ts'
import type { TlsChoice } from '../tls/tls-choice.ts'
import { readClientHello, type ClientHello } from './client-hello.ts'
import type { EntranceHost } from './entrance-host.ts'
import { peerOf, type Peer } from './peer.ts'
import { readProxyHeader } from './proxy-header.ts'
import { readFirst, type First } from './read-first.ts'

/** What connections have to pass. */
export interface Way {
  readonly proxyProtocol: boolean
  readonly tls?: TlsChoice
  /** It must be passed within this. */
  readonly withinMs: number
}

const LINGER_MS = 1000

/**
 * Leads each connection from its first byte to where HTTP begins: learns who is there, and agrees upon TLS. Who does
 * not get so far in time is counted and let go. Connections that are on their way go on as they began when the way
 * changes.
 */
export class Entrance {
  readonly #host: EntranceHost
  way: Way
  #entering = 0

  constructor(host: EntranceHost, way: Way) {
    this.#host = host
    this.way = way
  }

  /** Connections on their way. */
  get entering(): number {
    return this.#entering
  }

  async enter(socket: Socket): Promise<void> {
    const { way } = this
    const timer = setTimeout(() => socket.destroy(), way.withinMs)
    // 'close' always follows and tells all that matters, here and in the life of the connection.
    socket.on('error', () => undefined)
    this.#entering += 1
    try {
      if (!(await this.#led(socket, way))) this.#host.rejected()
    } finally {
      clearTimeout(timer)
      this.#entering -= 1
    }
  }

  /** False when it was not to be led on. */
  async #led(socket: Socket, way: Way): Promise<boolean> {
    const told = way.proxyProtocol ? await readFirst(socket, readProxyHeader) : {}
    if (!told) {
      socket.destroy()
      return false
    }
    const peer = { ...peerOf(socket), ...told }
    if (way.tls) return await this.#secured(socket, peer, way.tls)
    if (!socket.destroyed) this.#host.http1(socket, peer)
    return true
  }

  async #secured(socket: Socket, peer: Peer, tls: TlsChoice): Promise<boolean> {
    const hello = await readFirst(socket, helloOrHttp)
    if (hello === 'http') {
      tellOfHttps(socket)
      return false
    }
    const answer = hello && tls.answerTo(hello)
    const secured = answer && (await handshake(socket, answer))
    if (!secured) {
      socket.destroy()
      return false
    }
    const { serverName } = hello
    const { names } = answer.identity
    const known = { ...peer, secure: true, names, ...(serverName !== undefined && { serverName }) }
    if (secured.alpnProtocol === 'h2') this.#host.http2(secured, known)
    else if (secured.alpnProtocol === 'acme-tls/1') secured.end()
    else this.#host.http1(secured, known)
    return true
  }
}

/** Nothing in TLS begins with a letter, and every method does. */
function helloOrHttp(bytes: Buffer): First<ClientHello | 'http'> {
  const [first = 0] = bytes
  return first >= 0x41 && first <= 0x5a ? { value: 'http', length: 0 } : readClientHello(bytes)
}

/** Whoever speaks HTTP here learns why it does not work; what else it sends is not read as a request. */
function tellOfHttps(socket: Socket): void {
  const answer = { status: 400, text: 'this port speaks HTTPS' } as const
  socket.end(ownAnswer(answer, 'GET', 'Connection: close\r\n'), 'latin1')
  socket.resume()
  setTimeout(() => socket.destroy(), LINGER_MS)
}
