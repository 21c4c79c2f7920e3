import { memoryOf } from '../memory.ts'

/** Megabytes (10^6 bytes) of one process, or of several together, sample after sample. */
export interface MemorySeries {
  readonly name: string
  readonly megabytes: number[]
}

/** Samples the memory of the proxy: its supervisor, its eldest worker, and all of it together. */
export class MemoryLog {
  readonly #supervisor: MemorySeries = { name: 'supervisor', megabytes: [] }
  readonly #eldest: MemorySeries = { name: 'eldest worker', megabytes: [] }
  readonly #all: MemorySeries = { name: 'all of the proxy', megabytes: [] }

  get series(): readonly MemorySeries[] {
    return [this.#supervisor, this.#eldest, this.#all]
  }

  sample(supervisor: number, workers: readonly number[]): void {
    const [first = 0, ...others] = memoryOf([supervisor, ...workers]).map((one) => one / 1e6)
    this.#supervisor.megabytes.push(first)
    this.#eldest.megabytes.push(others[0] ?? 0)
    this.#all.megabytes.push(others.reduce((sum, one) => sum + one, first))
  }
}
