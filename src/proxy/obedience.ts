/** What became of orders. An expected outcome, so a value. */
export type Outcome =
  | { readonly kind: 'obeyed' }
  | { readonly kind: 'not-listening'; readonly key: string; readonly code: string }
  /** `pids` have not answered in time; none of them when no worker lives. */
  | { readonly kind: 'silent'; readonly pids: readonly number[] }

/** A worker as far as it matters here. */
interface Obeying {
  readonly pid: number
  /** The version of the orders it obeys. */
  readonly obeyed: number
}

interface Waiter {
  readonly version: number
  readonly end: (outcome: Outcome) => void
}

const SILENT_AFTER_MS = 15_000

/** Those who wait until every worker obeys some version of the orders. */
export class Obedience {
  readonly #workers: ReadonlySet<Obeying>
  readonly #waiters = new Set<Waiter>()

  constructor(workers: ReadonlySet<Obeying>) {
    this.#workers = workers
  }

  /** Resolves when every living worker obeys this version or a later one, or when that fails. */
  to(version: number): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    const timer = setTimeout(() => waiter.end(this.#silence(version)), SILENT_AFTER_MS)
    const waiter: Waiter = {
      version,
      end: (outcome) => {
        clearTimeout(timer)
        this.#waiters.delete(waiter)
        resolve(outcome)
      },
    }
    this.#waiters.add(waiter)
    this.settle()
    return promise
  }

  /** To be called whenever a worker obeys, or is there no more. */
  settle(): void {
    if (this.#workers.size === 0) return
    const slowest = Math.min(...[...this.#workers].map((worker) => worker.obeyed))
    for (const waiter of this.#waiters) {
      if (waiter.version <= slowest) waiter.end({ kind: 'obeyed' })
    }
  }

  /** Ends all waiting with this outcome. */
  end(outcome: Outcome): void {
    for (const waiter of this.#waiters) waiter.end(outcome)
  }

  #silence(version: number): Outcome {
    const late = [...this.#workers].filter((worker) => worker.obeyed < version)
    return { kind: 'silent', pids: late.map((worker) => worker.pid) }
  }
}
