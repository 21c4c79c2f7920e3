import { type Candidate, EVEN, type Random } from './candidate.ts'

/**
 * Each in its turn. Smooth weighted round robin, as nginx does it: all are credited their share, and the one with the
 * most credit pays for all. The credit stays with the instance, so that those who come and go disturb no turn of the
 * others; and it is by shares, so that one that warms up has its turn less often, and not several in a row.
 */
export function roundRobin<Instance extends Candidate>(
  instances: readonly Instance[],
  nowMs: number,
  _random: Random,
): Instance | undefined {
  let best: Instance | undefined
  let paid = 0
  for (const instance of instances) {
    const share = nowMs === EVEN ? 1 : instance.shareAt(nowMs)
    instance.credit += share
    paid += share
    if (!best || instance.credit > best.credit) best = instance
  }
  if (best) best.credit -= paid
  return best
}
