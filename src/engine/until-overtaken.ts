import { Problem } from '../core/problem.ts'
import type { Tools } from './tools.ts'

const EACH_MS = 1_000

/** Resolves with the Problem when another controller has taken over, with nothing when the signal fires first. */
export async function untilOvertaken(
  { lease, clock }: Pick<Tools, 'lease' | 'clock'>,
  signal: AbortSignal,
): Promise<Problem | undefined> {
  while (!signal.aborted) {
    const by = overtakenBy(lease)
    if (by) return by
    await clock.sleep(EACH_MS, { signal }).catch(() => undefined)
  }
  return undefined
}

/** A store that cannot be read for a while says nothing about who has it. */
function overtakenBy(lease: Tools['lease']): Problem | undefined {
  try {
    lease.check()
    return undefined
  } catch (error) {
    return error instanceof Problem && error.code === 'lease-lost' ? error : undefined
  }
}
