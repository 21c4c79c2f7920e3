import type { Socket } from 'node:net'

/** Up to here it is cheaper to copy a body behind its head than to write twice. */
const SMALL = 16_384

/** Writes a head, and what is there of the body, in one go where that is cheap. False asks to wait for `drain`. */
export function writeHead(socket: Socket, head: string, body: Buffer): boolean {
  if (body.length === 0) return socket.write(head, 'latin1')
  if (body.length <= SMALL) return socket.write(head + body.toString('latin1'), 'latin1')
  socket.cork()
  socket.write(head, 'latin1')
  const more = socket.write(body)
  socket.uncork()
  return more
}
