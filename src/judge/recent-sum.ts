/** The sum of what came in the last while. Times never go back. */
export class RecentSum {
  readonly #windowMs: number
  readonly #parts: { readonly atMs: number; readonly count: number }[] = []
  #value = 0

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  add(count: number, nowMs: number): void {
    this.#value += count
    this.#parts.push({ atMs: nowMs, count })
    while ((this.#parts[0]?.atMs ?? nowMs) <= nowMs - this.#windowMs)
      this.#value -= this.#parts.shift()?.count ?? 0
  }

  get value(): number {
    return this.#value
  }
}
