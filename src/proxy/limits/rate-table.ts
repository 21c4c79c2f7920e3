import { randomInt } from 'node:crypto'
import { hashOf } from '../routing/hash.ts'

const SETS = 4096
const WAYS = 8

/**
 * How often each key came: the generic cell rate algorithm, which needs one number for a key, the time at which all it
 * has used is paid back. The memory is fixed, 400 KB for 32,768 keys that owe something; beyond that the one of eight
 * that owes least is forgotten, to its favour. Keys are known by 44 bits of seeded hashes, so that nobody can choose one
 * that is taken for somebody else's.
 */
export class RateTable {
  readonly #everyMs: number
  readonly #slackMs: number
  readonly #seed = randomInt(2 ** 31)
  readonly #tags = new Uint32Array(SETS * WAYS)
  readonly #paidAtMs = new Float64Array(SETS * WAYS)

  /** `perSecond` on average, and `burst` at once. */
  constructor(perSecond: number, burst: number) {
    this.#everyMs = 1000 / perSecond
    this.#slackMs = (burst - 1) * this.#everyMs
  }

  /** Counts one of this key, unless it was one too many. */
  allows(key: string, nowMs: number): boolean {
    const tag = hashOf(key, this.#seed + 1)
    const slot = this.#slotOf(key, tag)
    const owed = this.#tags[slot] === tag ? (this.#paidAtMs[slot] ?? 0) : 0
    const from = Math.max(owed, nowMs)
    if (from - nowMs > this.#slackMs) return false
    this.#tags[slot] = tag
    this.#paidAtMs[slot] = from + this.#everyMs
    return true
  }

  /** Where the key is, or where the one is that owes least. */
  #slotOf(key: string, tag: number): number {
    const first = (hashOf(key, this.#seed) % SETS) * WAYS
    let least = first
    for (let slot = first; slot < first + WAYS; slot += 1) {
      if (this.#tags[slot] === tag) return slot
      if ((this.#paidAtMs[slot] ?? 0) < (this.#paidAtMs[least] ?? 0)) least = slot
    }
    return least
  }
}
