export interface Limit<T> {
  /** Unset: no limit. */
  readonly ms?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** What comes out when the time is over. */
  readonly late: T
}

/**
 * Does work that must end in time: its signal fires when the time is over, and with the outer one. Rejects with the outer
 * signal's reason when that fires, and with whatever else the work rejects with.
 */
export async function within<T>(
  { ms, signal, late }: Limit<T>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const over = new AbortController()
  const timer = ms === undefined ? undefined : setTimeout(() => over.abort(), ms)
  try {
    return await work(AbortSignal.any(signal ? [signal, over.signal] : [over.signal]))
  } catch (error) {
    signal?.throwIfAborted()
    if (over.signal.aborted) return late
    throw error
  } finally {
    clearTimeout(timer)
  }
}
