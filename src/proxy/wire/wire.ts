/** A connection as the data plane uses it: bytes in, bytes out, and word of what happens to it. */
export interface Wire {
  /** What was written last has not left yet. */
  readonly blocked: boolean
  /** Some of what was written has not even been given to the system yet. On a wire that is gone it never will be. */
  readonly holding: boolean
  /** It can still be written to. */
  readonly writable: boolean
  /** Text in latin1, which leaves once all that came in this turn of the loop was read. False asks to write no more before `wireDrained`. */
  write(text: string): boolean
  /**
   * Bytes, which may be those of a read. After false they must stay as they are until `wireDrained`: whoever relays the
   * bytes of a read pauses the wire they came from.
   */
  writeBytes(bytes: Buffer): boolean
  pause(): void
  resume(): void
  /** Says its last once everything written has left, and goes on reading. */
  end(): void
  destroy(): void
  /** Destroys it so that the other side cannot take the end for a good one. */
  reset(): void
  /** From now on `listener` hears of it. */
  hear(listener: WireListener): void
  /** Looks after a connection that may be silent for long. */
  keepAlive(ms: number): void
}

export interface WireListener {
  /** `buffer` up to `length`, good until this returns: what is kept must be copied. */
  wireBytes(buffer: Buffer, length: number): void
  /** The other side has said its last. */
  wireEnd(): void
  /** All that was written has left. */
  wireDrained(): void
  /** It is gone, and this is the last that is heard of it. `code` is the system's when it broke: `ECONNRESET` for one. */
  wireClosed(code: string | undefined): void
}
