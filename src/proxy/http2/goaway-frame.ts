const GOAWAY = 7

/** The largest id: "no more streams soon, all that are on their way will be served" (RFC 9113 §6.8). */
export const EVERY_STREAM = 0x7fff_ffff

/**
 * A GOAWAY frame, to be written past Node's session. Node's own `goaway` can neither give notice, because it ignores new
 * streams from then on, nor be relied upon to have left when the session is destroyed right after it.
 */
export function goawayFrame(lastId: number, code: number): Buffer {
  const frame = Buffer.alloc(17)
  frame.writeUIntBE(8, 0, 3)
  frame[3] = GOAWAY
  frame.writeUInt32BE(lastId, 9)
  frame.writeUInt32BE(code, 13)
  return frame
}
