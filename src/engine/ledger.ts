import { mergedOf, percentileOf } from '../core/histogram.ts'
import type { Ledger, LedgerOfRelease, Rollout } from '../core/rollout.ts'
import type { Sight } from '../core/sight.ts'
import { errorsIn, NO_COUNTS, since, type Traffic } from '../core/traffic.ts'

/** Every request that met the rollout, and what became of it: what the proxy counted since it began. */
export function ledgerOf(rollout: Rollout, traffic: Traffic, endedAtMs: number): Ledger {
  const { baseline } = rollout
  const met = Object.entries(traffic.counts)
    .map(([release, counts]) => ({
      release,
      ...since(baseline.counts[release] ?? NO_COUNTS, counts),
    }))
    .filter((counts) => counts.requests > 0)
  const sum = (of: (counts: (typeof met)[number]) => number) =>
    met.reduce((total, counts) => total + of(counts), 0)
  const refused = Math.max(0, traffic.refused - baseline.refused)
  return {
    requests: sum((counts) => counts.requests) + refused,
    byRelease: Object.fromEntries(
      met.map((counts) => [
        counts.release,
        {
          requests: counts.requests,
          errors: errorsIn(counts),
          ...p99Of(traffic.sights?.[counts.release]),
        },
      ]),
    ),
    failed: sum((counts) => counts.failed + counts.broken) + refused,
    retried: sum((counts) => counts.retried),
    held: Math.max(0, traffic.held - baseline.held),
    seconds: (endedAtMs - rollout.startedAtMs) / 1_000,
  }
}

function p99Of(sight: Sight | undefined): Pick<LedgerOfRelease, 'p99Ms'> {
  const all = mergedOf((sight?.cells ?? []).map((cell) => cell.firstByte))
  const p99Ms = percentileOf(all, 0.99)
  return p99Ms === undefined ? {} : { p99Ms }
}
