import type { Incident, Observation } from '../../src/core/incident.ts'
import type { SightCell } from '../../src/core/sight.ts'

/** How one release answers: shares of its answers, 0 to 1. */
export interface Manners {
  readonly error?: number
  readonly refusal?: number
  readonly slow?: number
  /** Errors on this path only. */
  readonly path?: string
}

export interface TrafficTerms {
  readonly perSecond: number
  /** Of the candidate, 0 to 1. */
  readonly share: number
  readonly candidate?: Manners
  readonly stable?: Manners
  /** Unset: each request is another user's. */
  readonly users?: number
}

const EACH_MS = 100

/** What a router would tell of simulated traffic on `v1` (stable) and `v2` (candidate), ten times a second. */
export class JudgedTraffic {
  readonly #random: () => number
  #answers: Record<string, Record<number, number>> = { v1: {}, v2: {} }
  #nowMs = 0
  #due = 0
  #users = 0

  constructor(random: () => number) {
    this.#random = random
  }

  get nowMs(): number {
    return this.#nowMs
  }

  next(terms: TrafficTerms): Observation {
    this.#nowMs += EACH_MS
    this.#due += (terms.perSecond * EACH_MS) / 1_000
    const incidents: Incident[] = []
    for (; this.#due >= 1; this.#due -= 1) incidents.push(...this.#answer(terms))
    return { cursor: this.#nowMs, releases: this.#releases(), incidents }
  }

  /** The router is another one, and counts from 0. */
  forget(): void {
    this.#answers = { v1: {}, v2: {} }
  }

  #answer({
    share,
    candidate = {},
    stable = {},
    users = Infinity,
  }: TrafficTerms): readonly Incident[] {
    const release = this.#random() < share ? 'v2' : 'v1'
    const manners = release === 'v2' ? candidate : stable
    const dice = this.#random()
    const { error = 0, refusal = 0, slow = 0, path = '/' } = manners
    const status = dice < error ? 500 : dice < error + refusal ? 404 : 200
    const counts = this.#answers[release] ?? {}
    const kind = Math.floor(status / 100)
    counts[kind] = (counts[kind] ?? 0) + 1
    const isSlow = status === 200 && this.#random() < slow
    if (status === 200 && !isSlow) return []
    const what = status === 500 ? 'error' : status === 404 ? 'refusal' : 'slow'
    this.#users += 1
    const of = {
      release,
      instance: `shop.${release}.0`,
      user: `u${users < Infinity ? this.#users % users : this.#users}`,
    }
    return [{ ...of, atMs: this.#nowMs, what, status, path: `GET ${path}` }]
  }

  #releases(): Observation['releases'] {
    return Object.fromEntries(
      Object.entries(this.#answers).map(([release, counts]) => [
        release,
        { perSecond: 0, errorsPerSecond: 0, cells: cellsOf(counts) },
      ]),
    )
  }
}

function cellsOf(counts: Readonly<Record<number, number>>): readonly SightCell[] {
  return Object.entries(counts).map(([kind, count]) => ({
    methods: 'reads',
    status: Number(kind) as SightCell['status'],
    firstByte: [10, count],
    whole: [10, count],
  }))
}
