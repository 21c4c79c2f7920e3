import type { Abortable } from '../../../core/clock.ts'

/**
 * The same work for all who ask while it runs; whoever comes after its end begins it anew. One who gives up leaves the others
 * to it, and rejects with the reason of its signal; when nobody waits any more, the work is told to stop, and the next one does
 * not wait for its end.
 */
export function shared(
  work: (signal: AbortSignal) => Promise<void>,
): (options?: Abortable) => Promise<void> {
  let running:
    | { readonly done: Promise<void>; readonly stop: AbortController; waiting: number }
    | undefined
  const begin = () => {
    const stop = new AbortController()
    const begun = { done: work(stop.signal), stop, waiting: 0 }
    const over = (): void => {
      if (running === begun) running = undefined
    }
    begun.done.then(over, over)
    return begun
  }
  return async ({ signal } = {}) => {
    signal?.throwIfAborted()
    const mine = (running ??= begin())
    mine.waiting += 1
    try {
      await Promise.race([mine.done, ...(signal ? [abortOf(signal)] : [])])
    } finally {
      mine.waiting -= 1
      if (mine.waiting === 0) {
        if (running === mine) running = undefined
        mine.stop.abort()
      }
    }
  }
}

function abortOf(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  return promise
}
