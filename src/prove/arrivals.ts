import type { Task } from './call.ts'

/** Tasks of one sort that arrive at a fixed rate. */
export interface Strand {
  readonly perSecond: number
  /** The `n`-th task, counted from 0. */
  readonly make: (n: number) => Task
}

export interface Arrivals {
  /** Resolves when the last one has begun. */
  readonly over: Promise<void>
  stop(): void
}

export interface ArrivalLimits {
  readonly forMs: number
  readonly total: number
}

/**
 * An open loop: every task begins on schedule, whether or not earlier ones came back, and `begin` learns when it was
 * due (by `performance.now()`). Latency counted from there shows a stall to everyone who would have met it.
 */
export function startArrivals(
  strands: readonly Strand[],
  begin: (task: Task, dueAt: number) => void,
  limits: ArrivalLimits,
): Arrivals {
  const { promise: over, resolve } = Promise.withResolvers<void>()
  const startedAt = performance.now()
  const timetables = strands.map((strand, index) => timetable(strand, startedAt, index))
  let begun = 0
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const stop = () => {
    stopped = true
    clearTimeout(timer)
    resolve()
  }
  const tick = () => {
    const now = Math.min(performance.now(), startedAt + limits.forMs)
    for (const due of timetables.flatMap((times) => times.takeUntil(now))) {
      if (stopped) return
      begin(due.task, due.at)
      begun += 1
      if (begun === limits.total) return stop()
    }
    if (now >= startedAt + limits.forMs) return stop()
    arm()
  }
  // The check phase comes right after the poll phase: a close that has arrived is known before a connection is taken.
  const arm = () => {
    if (stopped) return
    const next = Math.min(startedAt + limits.forMs, ...timetables.map((times) => times.next()))
    timer = setTimeout(() => setImmediate(tick), Math.max(1, next - performance.now()))
  }
  arm()
  return { over, stop }
}

interface Due {
  readonly task: Task
  readonly at: number
}

/** Each strand begins a little later than the one before, so that they do not arrive in one bunch. */
function timetable(strand: Strand, startedAt: number, index: number) {
  const every = 1_000 / strand.perSecond
  const first = startedAt + every * ((index * 0.618) % 1)
  let n = 0
  const next = () => first + n * every
  const takeUntil = (now: number): Due[] => {
    const taken: Due[] = []
    for (; next() <= now; n += 1) taken.push({ task: strand.make(n), at: next() })
    return taken
  }
  return { next, takeUntil }
}
