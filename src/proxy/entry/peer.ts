import type { Socket } from 'node:net'
import { plainAddress } from '../../lib/address-ranges.ts'

/** The two ends of a client's connection, as far as it is known who is there. */
export interface Peer {
  /** Of the client, in plain form; `unknown` when it left too soon to be asked. */
  readonly address: string
  readonly port: number
  readonly localAddress: string
  readonly localPort: number
  /** It came over TLS. */
  readonly secure: boolean
  /** The name it asked for over TLS, in lower case. */
  readonly serverName?: string
  /** The names that the certificate shown to it is for. */
  readonly names?: readonly string[]
}

/** What the system says of a plain connection. */
export function peerOf(socket: Socket): Peer {
  return {
    address: plainAddress(socket.remoteAddress ?? 'unknown'),
    port: socket.remotePort ?? 0,
    localAddress: plainAddress(socket.localAddress ?? 'localhost'),
    localPort: socket.localPort ?? 80,
    secure: false,
  }
}
