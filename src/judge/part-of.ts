/** What the k-th of endlessly many questions may take of all that may be wrong: they add up to 1, as Σ 1/k² is π²/6. */
export function partOf(k: number): number {
  return 6 / (Math.PI * k) ** 2
}
