import type { DemoResult } from './demo.ts'
import { faultsOf } from './demo.ts'

/** The demo's last line for programs. */
export function jsonReport(result: DemoResult): Readonly<Record<string, unknown>> {
  const { proof, played } = result
  const faults = faultsOf(result)
  return {
    ok: faults.length === 0,
    requests: proof.requests,
    failed: proof.failed,
    lost: proof.lost.length,
    duplicated: proof.duplicated.length,
    resets: proof.resets,
    bad: Object.values(proof.bad).reduce((sum, count) => sum + count, 0),
    websockets: proof.websockets,
    // What the killed worker carried itself at that moment; nothing else may be in it.
    severed: proof.severed,
    rollouts: played,
    ...(faults.length > 0 && { faults, failures: proof.failures }),
  }
}
