import { setTimeout } from 'node:timers/promises'

/** The real time. Has the shape of core's `Clock`. */
export const systemClock = {
  now: (): number => Date.now(),
  /** The monotonic clock of the system, which is the same one for every process; `performance.now` begins with its process. */
  steadyNow: (): number => Number(process.hrtime.bigint()) / 1e6,
  sleep: async (ms: number, options: { readonly signal?: AbortSignal } = {}): Promise<void> => {
    options.signal?.throwIfAborted()
    try {
      await setTimeout(ms, undefined, options.signal ? { signal: options.signal } : {})
    } catch (error) {
      options.signal?.throwIfAborted()
      throw error
    }
  },
}
