import type { Incidents } from '../sight/incidents.ts'
import type { RequestHead } from '../http1/request-head.ts'
import type { Attempt } from './attempt.ts'
import type { Choice } from './choice.ts'
import type { ClientSide } from './client-side.ts'
import type { InstancePool } from './instance-pool.ts'
import { countAnswer } from './tallies.ts'

/** What one request is counted as, and when something moved in it last. */
export class Account {
  readonly #head: RequestHead
  readonly #client: ClientSide
  readonly #incidents: Incidents
  #pool: InstancePool | undefined
  #why: string | undefined
  #movedAtMs = performance.now()
  #hasMoved = false
  readonly #beganAtMs = this.#movedAtMs
  /** When the head of the answer was there, and its status. */
  #headAtMs: number | undefined
  #status = 0

  constructor(head: RequestHead, client: ClientSide, incidents: Incidents) {
    this.#head = head
    this.#client = client
    this.#incidents = incidents
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
  give({ pool, why }: Choice): void {
    this.#why = why
    if (this.#pool?.counting !== pool.counting) pool.counting.requests += 1
    this.#pool = pool
  }

  /** The head of the answer is there. */
  answered(status: number): void {
    this.#headAtMs = this.#movedAtMs
    this.#status = status
    if (!this.#pool) return
    countAnswer(this.#pool.counting, status)
    const firstByteMs = this.#movedAtMs - this.#beganAtMs
    if (this.#incidents.concern(status, firstByteMs)) this.#note(this.#pool, status)
  }

  count(what: 'closed' | 'upgrades'): void {
    if (this.#pool) this.#pool.counting[what] += 1
  }

  /** The answer is complete. */
  end(attempt: Attempt | undefined): void {
    if (attempt) this.#see(attempt, this.#status, this.movedAtMs)
  }

  /** The instance owed the answer, or broke off in it. */
  owe(attempt: Attempt | undefined, what: 'failed' | 'broken'): void {
    if (this.#pool) {
      this.#pool.counting[what] += 1
      this.#note(this.#pool, 0)
    }
    if (attempt) this.#see(attempt, 0, performance.now())
  }

  /** Whom a rule sends to a release is no sample of all who ask: nothing follows from it for the judge. */
  #note(pool: InstancePool, status: number): void {
    if (this.#why?.startsWith('rule')) return
    const of = { release: pool.release, instance: pool.id }
    this.#incidents.note({ head: this.#head, sender: this.#client.sender }, of, status)
  }

  #see(attempt: Attempt, status: number, endedAtMs: number): void {
    const firstByteMs = (this.#headAtMs ?? endedAtMs) - this.#beganAtMs
    attempt.pool.sight.count(this.#head.method, status, firstByteMs, endedAtMs - this.#beganAtMs)
    // What never reached it says nothing of it.
    if (attempt.sent) attempt.pool.answered(status, endedAtMs)
  }
}
