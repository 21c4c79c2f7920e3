import { Evidence, geometric } from './evidence.ts'
import { OncePerUser } from './once-per-user.ts'
import { partOf } from './part-of.ts'

const WINDOW_MS = 10_000
const USERS = 3
/** What an hour brings and another does not: only more than so many times the old rate is worse. */
const TOLERANCE = 3
/** Of answers; a release that hardly ever failed may fail this often. */
const LEAST_RATE = 0.002
/** Nothing fails more often than this. */
const MOST_RATE = 0.95
/** A release may break after it was good for long: then what was good must not weigh against what is bad. */
const ANEW_MS = 30_000

/**
 * Compares how often something bad happens now with how often it happened before: for when all traffic is on one release
 * and there is nobody to compare with. Each answer is one event of an e-process as in `Evidence`, against the rate of before
 * with much tolerance, because more than the release may have changed since. It begins anew twice a minute.
 */
export class Level {
  readonly #rate: number
  readonly #alpha: number
  readonly #users = new OncePerUser(WINDOW_MS)
  readonly #hit = new Set<string>()
  #evidence: Evidence
  #begunAtMs: number | undefined
  #begun = 1

  /** `before` is a share of answers, 0 to 1. */
  constructor(before: number, alpha: number) {
    this.#rate = Math.min(MOST_RATE / 2, Math.max(LEAST_RATE, before * TOLERANCE))
    this.#alpha = alpha
    this.#evidence = evidenceAgainst(this.#rate)
  }

  answered(count: number, nowMs: number): void {
    this.#begunAtMs ??= nowMs
    if (nowMs - this.#begunAtMs >= ANEW_MS && !this.isBad) this.#beginAnew(nowMs)
    this.#evidence.add(false, 1, count)
  }

  hit(user: string, atMs: number): void {
    if (!this.#users.lets(user, atMs)) return
    if (this.#hit.size < USERS) this.#hit.add(user)
    this.#evidence.add(true, 1)
  }

  get isBad(): boolean {
    return this.#hit.size >= USERS && this.#evidence.rulesOut(this.#alpha * partOf(this.#begun))
  }

  get evidence(): number {
    return Math.exp(this.#evidence.log)
  }

  #beginAnew(nowMs: number): void {
    this.#begunAtMs = nowMs
    this.#begun += 1
    this.#hit.clear()
    this.#evidence = evidenceAgainst(this.#rate)
  }
}

function evidenceAgainst(limit: number): Evidence {
  const alternatives = geometric(Math.min(2 * limit, MOST_RATE), MOST_RATE, 12)
  return new Evidence({ chance: (rate) => rate, limit, alternatives })
}
