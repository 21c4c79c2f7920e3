const FIN = 0x80
const MASKED = 0x80
const OPCODE = 0x0f
const CLOSE = 0x8
const PONG = 0xa
const MASK_BYTES = 4
const LENGTH_16 = 126
const LENGTH_64 = 127
/** A control frame is never longer (RFC 6455 §5.5). */
const CONTROL_BYTES = 125

/**
 * Follows one direction of a WebSocket by the heads of its frames (RFC 6455 §5.2) and looks at nothing else, so that
 * what is large costs nothing. The reserved bits may be set by extensions; they do not change where a frame ends.
 */
export class Frames {
  /** Its Close has passed by, whole: nothing may follow it. */
  closed = false
  /** These are no frames. Where a message ends cannot be told any more. */
  lost = false
  /** Bytes of the payload that are still to come. */
  #left = 0
  /** Bytes of the head that have come, and how many it has. */
  #seen = 0
  #headBytes = 2
  #maskBytes = 0
  #first = 0
  #length = 0
  /** A message goes on in the next frame. */
  #fragmented = false

  /** Between two messages: the next byte begins something new. */
  get between(): boolean {
    return this.#left === 0 && this.#seen === 0 && !this.#fragmented && !this.lost
  }

  follow(bytes: Buffer): void {
    let at = 0
    while (at < bytes.length && !this.lost) at = this.#step(bytes, at)
  }

  /** Goes on from `at` to the next end of a message; -1 when these bytes hold none. */
  toMessageEnd(bytes: Buffer, at: number): number {
    let next = at
    while (next < bytes.length && !this.lost) {
      next = this.#step(bytes, next)
      if (this.between) return next
    }
    return -1
  }

  #step(bytes: Buffer, at: number): number {
    if (this.#left === 0) {
      this.#head(bytes[at] ?? 0)
      return at + 1
    }
    const end = Math.min(bytes.length, at + this.#left)
    this.#left -= end - at
    if (this.#left === 0) this.#end()
    return end
  }

  #head(byte: number): void {
    this.#seen += 1
    if (this.#seen === 1) this.#first = byte
    else if (this.#seen === 2) this.#take(byte)
    else if (this.#seen <= this.#headBytes - this.#maskBytes)
      this.#length = this.#length * 256 + byte
    if (this.#seen === this.#headBytes) this.#begin()
  }

  #take(byte: number): void {
    const length = byte & ~MASKED
    this.#maskBytes = byte & MASKED ? MASK_BYTES : 0
    const extended = length === LENGTH_16 ? 2 : length === LENGTH_64 ? 8 : 0
    this.#length = extended === 0 ? length : 0
    this.#headBytes = 2 + extended + this.#maskBytes
    const opcode = this.#first & OPCODE
    const isControl = opcode >= CLOSE
    const isKnown = opcode <= 2 || (isControl && opcode <= PONG)
    this.lost = !isKnown || (isControl && length > CONTROL_BYTES)
  }

  #begin(): void {
    this.#seen = 0
    this.#headBytes = 2
    this.#left = this.#length
    this.lost ||= !Number.isSafeInteger(this.#left)
    if (this.#left === 0) this.#end()
  }

  /** A control frame may stand between the frames of a message. */
  #end(): void {
    const opcode = this.#first & OPCODE
    if (opcode === CLOSE) this.closed = true
    else if (opcode < CLOSE) this.#fragmented = (this.#first & FIN) === 0
  }
}
