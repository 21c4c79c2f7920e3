import { setTimeout } from 'node:timers/promises'
import { Problem } from '../../core/problem.ts'
import { type Claim, claimDirectory } from '../claim.ts'

const PATIENCE_MS = 2_000
const RETRY_MS = 5

/** The claim that an older proxy has just let go of. Rejects with `upgrade-failed` when somebody else has it. */
export async function succeedClaim(directory: string): Promise<Claim> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const claim = claimDirectory(directory)
    if (claim) return claim
    if (performance.now() > until) throw taken(directory)
    await setTimeout(RETRY_MS)
  }
}

function taken(directory: string): Problem {
  return new Problem('upgrade-failed', {
    message: `another process has claimed ${directory}`,
    hint: 'Wait until it has ended, and upgrade again.',
    data: { directory },
  })
}
