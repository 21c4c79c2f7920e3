import type { Answers } from './answer-counts.ts'
import { RecentSum } from './recent-sum.ts'

const WINDOW_MS = 5_000
/** A release of which so many answers in a hundred are errors does not work, whatever it did before. */
const FAILING = 0.05
/** How often more than before. */
const TIMES = 10
const FEWEST = 5
/** With fewer answers of the candidate nobody can say that it works. */
const TELLING = 20

/** Notices when the old release suddenly fails too: then the fault is not in the new one. */
export class SharedFailure {
  readonly #usual: number
  readonly #candidate = new RecentAnswers()
  readonly #stable = new RecentAnswers()

  /** `usual` is the old release's share of errors before. */
  constructor(usual: number) {
    this.#usual = usual
  }

  add(candidate: Answers, stable: Answers, nowMs: number): void {
    this.#candidate.add(candidate, nowMs)
    this.#stable.add(stable, nowMs)
  }

  /** Both have failed in the last seconds. */
  get isThere(): boolean {
    const [stable, candidate] = [this.#stable, this.#candidate]
    const limit = Math.max(FAILING, TIMES * this.#usual)
    if (stable.errors < FEWEST || stable.rate < limit) return false
    return candidate.all < TELLING || candidate.rate >= FAILING
  }

  /** The old release's answers of the last seconds. */
  get stable(): Pick<Answers, 'all' | 'errors'> {
    return { all: this.#stable.all, errors: this.#stable.errors }
  }
}

class RecentAnswers {
  readonly #all = new RecentSum(WINDOW_MS)
  readonly #errors = new RecentSum(WINDOW_MS)

  add({ all, errors }: Answers, nowMs: number): void {
    this.#all.add(all, nowMs)
    this.#errors.add(errors, nowMs)
  }

  get all(): number {
    return this.#all.value
  }

  get errors(): number {
    return this.#errors.value
  }

  get rate(): number {
    return this.all === 0 ? 0 : this.errors / this.all
  }
}
