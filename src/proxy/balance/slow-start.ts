const LEAST = 0.1

/** The share of an instance that became ready at `sinceMs`: from a tenth to the whole, evenly over `slowStartMs`. */
export function slowStart(sinceMs: number, nowMs: number, slowStartMs: number): number {
  const age = nowMs - sinceMs
  if (age >= slowStartMs) return 1
  return LEAST + (1 - LEAST) * Math.max(0, age / slowStartMs)
}
