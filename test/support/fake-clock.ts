import type { Clock } from '../../src/core/clock.ts'

/** Time that passes only by sleeping: a test of an hour takes no time. */
export function fakeClock(): Clock {
  let now = 1_000_000
  return {
    now: () => now,
    sleep: async (ms, { signal } = {}) => {
      signal?.throwIfAborted()
      now += ms
      // Others may run, as they would while a real clock waits.
      await new Promise((resolve) => setImmediate(resolve))
      signal?.throwIfAborted()
    },
  }
}
