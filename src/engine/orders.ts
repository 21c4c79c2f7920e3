import { Problem } from '../core/problem.ts'

/** Orders to a controller, which are cut off when it ends; whoever gave one is told why, not what broke in the middle. */
export class Orders {
  readonly #end = new AbortController()
  readonly #given = new Set<Promise<unknown>>()

  /** Fires when the controller ends, with the Problem that says why. */
  get signal(): AbortSignal {
    return this.#end.signal
  }

  /** Rejects with the reason of `signal` once that has fired. */
  async carryOut<T>(order: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.signal.throwIfAborted()
    const carried = order(this.signal)
    this.#given.add(carried)
    try {
      return await carried
    } catch (error) {
      this.signal.throwIfAborted()
      throw error
    } finally {
      this.#given.delete(carried)
    }
  }

  /** From now on no order is taken. */
  end(because: Problem = stopped()): void {
    this.#end.abort(because)
  }

  /** Resolves when each has taken away what it had made. */
  async over(): Promise<void> {
    await Promise.allSettled(this.#given)
  }
}

function stopped(): Problem {
  return new Problem('controller-stopped', {
    message: 'the controller is being stopped',
    hint: 'Give the order again when the next one is up: midflight up',
  })
}
