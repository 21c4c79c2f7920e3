import type { Wire } from '../wire/wire.ts'

/** Up to here it is cheaper to copy a body behind its head than to write twice. */
const SMALL = 16_384

/** Writes a head, and what is there of the body, in one go where that is cheap. False asks to wait for `wireDrained`. */
export function writeHead(wire: Wire, head: string, body: Buffer): boolean {
  if (body.length === 0) return wire.write(head)
  if (body.length <= SMALL) return wire.write(head + body.toString('latin1'))
  wire.write(head)
  return wire.writeBytes(body)
}
