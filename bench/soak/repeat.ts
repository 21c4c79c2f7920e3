import { setTimeout } from 'node:timers/promises'

interface Repeating {
  readonly faults: string[]
  readonly signal: AbortSignal
}

/** Does it again and again until the signal fires, first after `everyMs`. What goes wrong is noted, and it goes on. */
export async function repeat(
  everyMs: number,
  work: () => Promise<void>,
  { faults, signal }: Repeating,
): Promise<void> {
  for (let due = performance.now() + everyMs; ; due += everyMs) {
    await pause(due - performance.now(), signal)
    if (signal.aborted) return
    try {
      await work()
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error))
    }
  }
}

/** Resolves after so long, or at once when the signal fires. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(Math.max(0, ms), undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
