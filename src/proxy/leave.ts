/** How those who carry the traffic of a proxy end. */
export interface Leave {
  /** What still runs then is cut. */
  readonly limitMs: number
  /** How long a client that is idle, and may have a request on its way, can still send it. */
  readonly patienceMs: number
}

const SHORT_MS = 1000
const LONG_MS = 10_000
/** Of the limit so much is for idle clients at most. */
const SHARE = 1 / 3

/** Nobody listens any more: whoever comes back is refused, sooner or later. */
export function lastLeave(limitMs: number): Leave {
  return { limitMs, patienceMs: Math.min(SHORT_MS, limitMs * SHARE) }
}

/**
 * Another proxy listens: nobody waits for this one to be gone. A client whose connection is closed in the moment in
 * which it sends cannot know whether that was read, so nearly all are to send once more and be told in the answer.
 */
export function followedLeave(limitMs: number): Leave {
  return { limitMs, patienceMs: Math.min(LONG_MS, limitMs * SHARE) }
}
