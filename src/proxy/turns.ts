import { stopping } from './order-problem.ts'

/** One change after the other: each begins from what the last one left. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()
  #closed = false

  get isClosed(): boolean {
    return this.#closed
  }

  /** Whoever waits for a turn gets none any more. */
  close(): void {
    this.#closed = true
  }

  /** Rejects with `proxy-stopping` when it is closed, and like the work. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw stopping()
    const before = this.#last
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last = promise
    try {
      await before
      if (this.#closed) throw stopping()
      return await work()
    } finally {
      resolve()
    }
  }
}
