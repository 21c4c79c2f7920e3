import { setTimeout } from 'node:timers/promises'

interface Repeating {
  readonly faults: string[]
  readonly signal: AbortSignal
}

/** Does it again and again, first after `everyMs`; what goes wrong is noted, and it goes on. */
export async function repeat(
  everyMs: number,
  work: () => Promise<void>,
  { faults, signal }: Repeating,
): Promise<void> {
  for (let due = performance.now() + everyMs; ; due += everyMs) {
    await Promise.race([setTimeout(Math.max(0, due - performance.now())), aborted(signal)])
    if (signal.aborted) return
    try {
      await work()
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error))
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
