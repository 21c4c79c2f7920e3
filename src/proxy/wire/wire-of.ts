import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { HandleWire } from './handle-wire.ts'
import { SocketWire } from './socket-wire.ts'
import { handleOf, streamInternals } from './stream-internals.ts'
import type { Wire, WireListener } from './wire.ts'

/** Takes over a connected socket, from which nothing has been read yet: from now on the listener hears of it. */
export function wireOf(socket: Socket, listener: WireListener): Wire {
  socket.allowHalfOpen = true
  const handle = socket instanceof TLSSocket ? undefined : handleOf(socket)
  // A stream that has read already gives out what it has only by itself.
  if (!streamInternals || !handle || socket.readableLength > 0)
    return new SocketWire(socket, listener)
  return new HandleWire(socket, handle, streamInternals, listener)
}
