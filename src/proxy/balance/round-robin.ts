import { type Candidate, EVEN, type Random } from './candidate.ts'

/**
 * Each in its turn. Smooth weighted round robin, after nginx: of each request all are credited their part, and the one
 * with the most credit takes it and pays a whole one. The credit stays with the instance and is in requests, so that
 * those who come and go disturb no turn of the others; and it is by shares, so that one that warms up has its turn less
 * often, and not several in a row.
 */
export function roundRobin<Instance extends Candidate>(
  instances: readonly Instance[],
  nowMs: number,
  _random: Random,
): Instance | undefined {
  const total = nowMs === EVEN ? instances.length : totalOf(instances, nowMs)
  let best: Instance | undefined
  for (const instance of instances) {
    instance.credit += (nowMs === EVEN ? 1 : instance.shareAt(nowMs)) / total
    if (!best || instance.credit > best.credit + ROUNDING) best = instance
  }
  if (best) best.credit -= 1
  return best
}

/** Less than this is no difference, only what is lost in a sum of parts. */
const ROUNDING = 1e-9

function totalOf(instances: readonly Candidate[], nowMs: number): number {
  let total = 0
  for (const instance of instances) total += instance.shareAt(nowMs)
  return total
}
