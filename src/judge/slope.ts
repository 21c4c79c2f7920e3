import type { AtAge } from '../core/judge.ts'

/**
 * How fast a value grows, in a second: the middle one of the slopes of all pairs (Theil and Sen, "A rank-invariant method of
 * linear and polynomial regression analysis", 1950). 0 for fewer than two samples.
 */
export function slopeOf(samples: readonly AtAge[]): number {
  const slopes = samples.flatMap((one, at) =>
    samples
      .slice(at + 1)
      .map((other) => ((other.value - one.value) * 1000) / Math.max(1, other.ageMs - one.ageMs)),
  )
  return slopes.toSorted((a, b) => a - b)[slopes.length >> 1] ?? 0
}
