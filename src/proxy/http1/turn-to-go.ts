/** Idle clients are not closed all at once: some wait for so much of their time more. */
const SPREAD = 0.5

/**
 * Until when an idle client that is told to go may still send. What was said before (0: nothing) stays, but when there
 * is less patience now.
 */
export function turnToGo(patienceMs: number, now: number, saidMs: number): number {
  if (saidMs === 0) return now + patienceMs * (1 + Math.random() * SPREAD)
  return Math.min(saidMs, now + patienceMs * (1 + SPREAD))
}
