/** So often within the time looked at: then it will go down again. */
const MOST_DOWNS = 3

/** How often an instance went down lately, by its checks or because its connections were refused. */
export class Flapping {
  #downsMs: readonly number[] = []

  /** Takes in that it went down. In words when that is too often within `withinMs`. */
  down(nowMs: number, withinMs: number): string | undefined {
    this.#downsMs = [...this.#downsMs.slice(1 - MOST_DOWNS), nowMs]
    const [first = nowMs] = this.#downsMs
    if (this.#downsMs.length < MOST_DOWNS || nowMs - first > withinMs) return undefined
    return `went down ${MOST_DOWNS} times within ${Math.ceil((nowMs - first) / 1000)} s`
  }
}
