/** How likely a hit is, if this is the truth. `share` is what belongs to the candidate at that moment. */
export type Chance = (truth: number, share: number) => number

export interface EvidenceTerms {
  readonly chance: Chance
  /** What is put to the test: the truth is this or lies beyond it, on the other side of the alternatives. */
  readonly limit: number
  /** All on one side of the limit. Each has the same weight. */
  readonly alternatives: readonly number[]
}

/**
 * How much better the alternatives explain what was seen than the limit does: the mixture of their likelihood ratios, an
 * e-process (Ramdas et al., "Game-theoretic statistics and safe anytime-valid inference", 2023). While the truth is the
 * limit or beyond it, this is a non-negative supermartingale, and by Ville's inequality the chance that it ever reaches
 * 1/α is at most α: however often one looks, while shares change, and whatever else changes for both alike.
 */
export class Evidence {
  readonly #terms: EvidenceTerms
  /** By alternative, the logarithm of its likelihood ratio. */
  readonly #logs: Float64Array
  #steps: Steps | undefined

  constructor(terms: EvidenceTerms) {
    this.#terms = terms
    this.#logs = new Float64Array(terms.alternatives.length)
  }

  /** One event, or as many alike, seen while the candidate had this share. */
  add(isHit: boolean, share: number, times = 1): void {
    if (this.#steps?.share !== share) this.#steps = stepsAt(share, this.#terms)
    const steps = isHit ? this.#steps.hit : this.#steps.miss
    for (let at = 0; at < steps.length; at += 1)
      this.#logs[at] = (this.#logs[at] ?? 0) + times * (steps[at] ?? 0)
  }

  /** The natural logarithm of the evidence; 0 before anything was seen. */
  get log(): number {
    let most = -Infinity
    for (const each of this.#logs) most = Math.max(most, each)
    let sum = 0
    for (const each of this.#logs) sum += Math.exp(each - most)
    return most + Math.log(sum / this.#logs.length)
  }

  /** Whether the limit can be ruled out, where being wrong may happen once in 1/`alpha`. */
  rulesOut(alpha: number): boolean {
    return this.log >= -Math.log(alpha)
  }
}

/** What an event adds to each logarithm. A share lasts for many events. */
interface Steps {
  readonly share: number
  readonly hit: readonly number[]
  readonly miss: readonly number[]
}

function stepsAt(share: number, { chance, limit, alternatives }: EvidenceTerms): Steps {
  const expected = chance(limit, share)
  const hits = alternatives.map((truth) => chance(truth, share))
  return {
    share,
    hit: hits.map((hit) => Math.log(hit / expected)),
    miss: hits.map((hit) => Math.log((1 - hit) / (1 - expected))),
  }
}

/** So many values from `first` to `last`, each as many times the one before. */
export function geometric(first: number, last: number, count: number): readonly number[] {
  const step = Math.log(last / first) / (count - 1)
  return Array.from({ length: count }, (_, at) => first * Math.exp(at * step))
}
