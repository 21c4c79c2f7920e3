/** One TCP connection of ours, as far as telling its end needs it. Times by `performance.now()`. */
export interface Line {
  /** Unknown until it is connected. */
  localPort?: number
  readonly openedAt: number
  endedAt?: number
}

/** Someone kills the process at the other end of these ports of ours on purpose. */
export interface Severing {
  readonly localPorts: ReadonlySet<number>
  readonly at: number
}

/** An end seen this long before it was announced can still be due to it: the two are told by different threads. */
const SLACK_MS = 1_000

/** Whether a line broke because its other end was killed on purpose. Ports are reused, so the times must fit too. */
export function isSevered(line: Line, severings: readonly Severing[]): boolean {
  const { localPort, openedAt, endedAt = Infinity } = line
  if (localPort === undefined) return false
  return severings.some(
    ({ localPorts, at }) => localPorts.has(localPort) && openedAt <= at && endedAt >= at - SLACK_MS,
  )
}
