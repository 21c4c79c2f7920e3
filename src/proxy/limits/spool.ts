const MOST_OF_ONE = 8 * 1024 * 1024
const MOST_OF_ALL = 32 * 1024 * 1024

/** How much may be kept of the bodies that run through one service, in one worker, so that they can be sent again. */
export class Spool {
  #bytes = 0

  /** A body of which `kept` bytes are here asks for more. What it is given, it gives back. */
  take(bytes: number, kept: number): boolean {
    if (kept + bytes > MOST_OF_ONE || this.#bytes + bytes > MOST_OF_ALL) return false
    this.#bytes += bytes
    return true
  }

  giveBack(bytes: number): void {
    this.#bytes -= bytes
  }
}
