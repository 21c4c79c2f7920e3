/** The values of several iterables as they come, until all have ended. */
export async function* merged<T>(sources: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const next = async (source: AsyncGenerator<T>) => ({ source, result: await source.next() })
  const pending = new Map(sources.map((source) => [source, next(source)]))
  try {
    while (pending.size > 0) {
      const { source, result } = await Promise.race(pending.values())
      if (result.done === true) pending.delete(source)
      else {
        pending.set(source, next(source))
        yield result.value
      }
    }
  } finally {
    await Promise.all(sources.map(async (source) => source.return(undefined)))
  }
}
