import { type BodyScan, firstOf } from './body-scan.ts'

/** A body of known length. */
export class LengthCounter implements BodyScan {
  readonly fault = undefined
  readonly endsByClose = false
  #left: number

  constructor(length: number) {
    this.#left = length
  }

  get done(): boolean {
    return this.#left === 0
  }

  scan(bytes: Buffer): number {
    const taken = Math.min(this.#left, bytes.length)
    this.#left -= taken
    return taken
  }

  passed(bytes: Buffer, end: number): Buffer {
    return firstOf(bytes, end)
  }
}
