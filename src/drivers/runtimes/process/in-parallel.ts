import type { Abortable } from '../../../core/clock.ts'

/** Enough to keep Node's four threads for files busy. */
const AT_ONCE = 8

/**
 * Does `work` for every item, some at once, and gives the results in the order of the items. Rejects with the first error
 * or the signal's reason, but not before all that was begun has ended: nothing goes on behind the caller's back.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  { signal }: Abortable = {},
): Promise<Result[]> {
  const results: Result[] = []
  const left = items.entries()
  const failure = new AbortController()
  const worker = async () => {
    for (const [index, item] of left) {
      if (failure.signal.aborted) return
      signal?.throwIfAborted()
      results[index] = await work(item)
    }
  }
  const workers = Array.from({ length: AT_ONCE }, async () => {
    try {
      await worker()
    } catch (error) {
      failure.abort(error)
    }
  })
  await Promise.all(workers)
  failure.signal.throwIfAborted()
  return results
}
