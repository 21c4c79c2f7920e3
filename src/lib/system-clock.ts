import { setTimeout } from 'node:timers/promises'

/** The real time. Has the shape of core's `Clock`. */
export const systemClock = {
  now: (): number => Date.now(),
  /** Node takes it from the monotonic clock of the system. */
  steadyNow: (): number => performance.now(),
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
