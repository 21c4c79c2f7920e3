import type { Clock } from '../../src/core/clock.ts'

/** Time that passes only by sleeping: a test of an hour takes no time. */
export interface FakeClock extends Clock {
  /** Sets the clock of the machine forward or back, as an operator or a time server does. No time passes. */
  jump(ms: number): void
}

export function fakeClock(): FakeClock {
  let passed = 0
  let set = 1_000_000
  return {
    now: () => set + passed,
    steadyNow: () => passed,
    jump: (ms) => {
      set += ms
    },
    sleep: async (ms, { signal } = {}) => {
      signal?.throwIfAborted()
      passed += ms
      // Others may run, as they would while a real clock waits.
      await new Promise((resolve) => setImmediate(resolve))
      signal?.throwIfAborted()
    },
  }
}
