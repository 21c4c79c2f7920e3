import type { Socket } from 'node:net'
import type { Sender } from '../entry/sender.ts'
import { senderOf } from '../http1/forward-head.ts'
import type { Wire } from '../wire/wire.ts'
import { wireOf } from '../wire/wire-of.ts'
import { ClientSession, type SessionHost } from './client-session.ts'
import { wireStream } from './wire-stream.ts'

/** Speaks HTTP/2 with a client from which nothing has been read yet. */
export function sessionOver(socket: Socket, host: SessionHost): ClientSession {
  const stream = wireStream((listener) => wireOf(socket, listener))
  return new ClientSession(stream, senderOf(socket), host)
}

/** The same over a wire from which `first` was read. */
export function sessionFrom(
  wire: Wire,
  first: Buffer,
  sender: Sender,
  host: SessionHost,
): ClientSession {
  const attach = (listener: Parameters<Wire['hear']>[0]): Wire => {
    wire.hear(listener)
    return wire
  }
  return new ClientSession(wireStream(attach, first), sender, host)
}
