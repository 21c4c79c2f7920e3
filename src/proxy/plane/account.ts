import type { Attempt } from './attempt.ts'
import type { InstancePool } from './instance-pool.ts'
import { countAnswer, type Counting } from './tallies.ts'

/** What one request is counted as, and when something moved in it last. */
export class Account {
  readonly #method: string
  #counting: Counting | undefined
  #movedAtMs = performance.now()
  #hasMoved = false
  readonly #beganAtMs = this.#movedAtMs
  /** When the head of the answer was there, and its status. */
  #headAtMs: number | undefined
  #status = 0

  constructor(method: string) {
    this.#method = method
  }

  /** When something moved last. The clock is asked again only when that was after it was asked last. */
  get movedAtMs(): number {
    if (this.#hasMoved) this.movedNow()
    return this.#movedAtMs
  }

  /** When it was is told by the next sweep: to ask the clock each time would cost more than the rest. */
  moved(): void {
    this.#hasMoved = true
  }

  movedNow(): void {
    this.#movedAtMs = performance.now()
    this.#hasMoved = false
  }

  /** For how long nothing has moved. */
  waitedMs(now: number): number {
    if (this.#hasMoved) this.#movedAtMs = now
    this.#hasMoved = false
    return now - this.#movedAtMs
  }

  /** It is given to this instance; for one release it counts once. */
  give({ counting }: InstancePool): void {
    if (this.#counting !== counting) counting.requests += 1
    this.#counting = counting
  }

  /** The head of the answer is there. */
  answered(status: number): void {
    this.#headAtMs = this.#movedAtMs
    this.#status = status
    if (this.#counting) countAnswer(this.#counting, status)
  }

  count(what: 'closed' | 'upgrades'): void {
    if (this.#counting) this.#counting[what] += 1
  }

  /** The answer is complete. */
  end(attempt: Attempt | undefined): void {
    if (attempt) this.#see(attempt, this.#status, this.movedAtMs)
  }

  /** The instance owed the answer, or broke off in it. */
  owe(attempt: Attempt | undefined, what: 'failed' | 'broken'): void {
    if (this.#counting) this.#counting[what] += 1
    if (attempt) this.#see(attempt, 0, performance.now())
  }

  #see(attempt: Attempt, status: number, endedAtMs: number): void {
    const firstByteMs = (this.#headAtMs ?? endedAtMs) - this.#beganAtMs
    attempt.pool.sight.count(this.#method, status, firstByteMs, endedAtMs - this.#beganAtMs)
    // What never reached it says nothing of it.
    if (attempt.sent) attempt.pool.answered(status, endedAtMs)
  }
}
