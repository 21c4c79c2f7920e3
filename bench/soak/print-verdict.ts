import { printReport } from '../../src/prove/print-report.ts'
import type { SoakResult } from './soak.ts'

/** A shorter run says nothing about memory: compiled code and buffers still find their size. */
const LONG_ENOUGH_MS = 600_000

/** Prints what the soak came to, and returns what that is. */
export function printVerdict(result: SoakResult, say: (line: string) => void): 'good' | 'bad' {
  const { proof, changes, kills, faults, growth, plan } = result
  printReport({ ...proof, phases: [] }, say)
  say(`  changes     ${changes} of the route, ${kills} workers killed`)
  const isJudged = plan.forMs >= LONG_ENOUGH_MS
  for (const { name, first, last, isFlat } of growth) {
    const verdict = isJudged ? (isFlat ? 'flat' : 'GROWS') : 'not judged: too short a run'
    say(`  memory      ${name}: ${first.toFixed(1)} → ${last.toFixed(1)} MB, ${verdict}`)
  }
  for (const fault of new Set(faults)) say(`  fault       ${fault}`)
  const isFlat = !isJudged || growth.every((one) => one.isFlat)
  const isGood = proof.proven && isFlat && faults.length === 0
  say(isGood ? 'good: nothing failed but what was severed' : 'bad')
  return isGood ? 'good' : 'bad'
}
