import { randomBytes } from 'node:crypto'

export const TEXT = 0x1
export const CLOSE = 0x8
export const PING = 0x9
export const PONG = 0xa

export interface Frame {
  readonly opcode: number
  readonly payload: Buffer
  /** Bytes the whole frame takes. */
  readonly size: number
}

/** A client's frame, masked as RFC 6455 §5.3 wants. Payloads up to 125 bytes. */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const mask = randomBytes(4)
  const masked = payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0))
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length]), mask, masked])
}

/** A server's first frame (RFC 6455 §5.2), unmasked; nothing while it is incomplete. */
export function decodeFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 2) return undefined
  const short = bytes.readUInt8(1) & 0x7f
  const start = short === 127 ? 10 : short === 126 ? 4 : 2
  if (bytes.length < start) return undefined
  const length = lengthIn(bytes, short)
  if (bytes.length < start + length) return undefined
  const payload = bytes.subarray(start, start + length)
  return { opcode: bytes.readUInt8(0) & 0x0f, payload, size: start + length }
}

function lengthIn(bytes: Buffer, short: number): number {
  if (short === 126) return bytes.readUInt16BE(2)
  return short === 127 ? Number(bytes.readBigUInt64BE(2)) : short
}
