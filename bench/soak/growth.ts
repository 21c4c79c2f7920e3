import type { MemorySeries } from './memory-log.ts'

/** How memory changed over the run, from its first third after the warm-up to its last third. Medians, in MB. */
export interface Growth {
  readonly name: string
  readonly first: number
  readonly last: number
  readonly isFlat: boolean
}

/** The beginning, in which buffers and compiled code find their size, is left out. */
const WARM_UP = 0.1
const MOST_SHARE = 0.1
const MOST_MB = 30

export function growthOf({ name, megabytes }: MemorySeries): Growth {
  const warm = megabytes.slice(Math.floor(megabytes.length * WARM_UP))
  const third = Math.max(1, Math.floor(warm.length / 3))
  const first = median(warm.slice(0, third))
  const last = median(warm.slice(-third))
  const grown = last - first
  return { name, first, last, isFlat: grown < first * MOST_SHARE && grown < MOST_MB }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}
