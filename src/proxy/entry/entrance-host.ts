import type { Socket } from 'node:net'
import type { Peer } from './peer.ts'

/** Who takes over connections when it is known who is there and what is spoken. Nothing of HTTP has been read yet. */
export interface EntranceHost {
  http1(socket: Socket, peer: Peer): void
  /** HTTP/2, agreed upon by ALPN. */
  http2(socket: Socket, peer: Peer): void
  /** A connection did not get so far. */
  rejected(): void
}
