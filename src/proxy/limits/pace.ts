/** Whoever begins slowly has so long, and whoever was quick may save up so much. */
const FIRST_S = 5
const SAVED_S = 30

/** Whether somebody moves enough bytes a second on average, over the time in which it was theirs to move them. */
export class Pace {
  readonly #rate: number
  readonly #most: number
  /** Bytes that were moved ahead of the rate. */
  #credit: number

  /** `unseen` bytes may lie in buffers of the system, where they count as moved and are not. */
  constructor(bytesPerSecond: number, unseen = 0) {
    this.#rate = bytesPerSecond
    this.#most = bytesPerSecond * SAVED_S + unseen
    this.#credit = bytesPerSecond * FIRST_S
  }

  moved(bytes: number): void {
    this.#credit = Math.min(this.#most, this.#credit + bytes)
  }

  /** For so long it was theirs to move. False when they are too slow by now. */
  kept(ms: number): boolean {
    this.#credit -= (this.#rate * ms) / 1000
    return this.#credit >= 0
  }
}
