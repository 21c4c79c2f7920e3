import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Body } from './call.ts'

const EVERY_MS = 100

/**
 * Writes the head and then the body, in even pieces over `body.overMs`. Resolves with whether all of it was written:
 * false when the connection went away meanwhile. Never rejects; the socket's owner sees what happened.
 */
export async function sendBody(socket: Socket, head: string, body?: Body): Promise<boolean> {
  if (!body || body.overMs === 0) {
    socket.cork()
    socket.write(head, 'latin1')
    if (body) writePiece(socket, body, { from: 0, to: body.bytes.length })
    if (body?.framing === 'chunked') socket.write('0\r\n\r\n')
    socket.uncork()
    return true
  }
  socket.write(head, 'latin1')
  const steps = Math.max(1, Math.round(body.overMs / EVERY_MS))
  for (let step = 0; step < steps; step += 1) {
    await sleep(EVERY_MS)
    if (!socket.writable) return false
    writePiece(socket, body, {
      from: Math.floor((body.bytes.length * step) / steps),
      to: Math.floor((body.bytes.length * (step + 1)) / steps),
    })
  }
  if (body.framing === 'chunked') socket.write('0\r\n\r\n')
  return true
}

function writePiece(socket: Socket, body: Body, part: { from: number; to: number }): void {
  const bytes = body.bytes.subarray(part.from, part.to)
  if (bytes.length === 0) return
  if (body.framing === 'length') {
    socket.write(bytes)
    return
  }
  socket.cork()
  socket.write(`${bytes.length.toString(16)}\r\n`)
  socket.write(bytes)
  socket.write('\r\n')
  socket.uncork()
}
