/** A request that waits for an instance. */
export interface Held {
  /** Tries again, now that an instance is ready. */
  retry(): void
}

/** Requests that wait because no instance is ready, in the order they came. */
export class Hold {
  readonly #waiting = new Set<Held>()

  get size(): number {
    return this.#waiting.size
  }

  add(held: Held): void {
    this.#waiting.add(held)
  }

  delete(held: Held): void {
    this.#waiting.delete(held)
  }

  /** Lets them go one after the other while `ready` says that there is an instance for the next. */
  wake(ready: () => boolean): void {
    let left = this.#waiting.size
    for (const held of this.#waiting) {
      // Whoever still finds no instance waits on, and is not asked again.
      if (left === 0 || !ready()) return
      left -= 1
      if (this.#waiting.delete(held)) held.retry()
    }
  }
}
