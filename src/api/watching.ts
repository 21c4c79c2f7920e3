/** The events of a rollout or a group as an iterable: what was, then what comes, up to its end. */
export async function* watching<T extends { readonly event: string }>(
  watch: (listener: (event: T) => void) => Promise<() => void>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const waiting: T[] = []
  let wake = Promise.withResolvers<void>()
  const hear = (event: T) => {
    waiting.push(event)
    wake.resolve()
  }
  const forget = await watch(hear)
  const leave = () => {
    wake.resolve()
  }
  signal.addEventListener('abort', leave)
  try {
    while (!signal.aborted) {
      await wake.promise
      wake = Promise.withResolvers<void>()
      const events = waiting.splice(0)
      yield* events
      if (events.some(({ event }) => event === 'finished')) return
    }
  } finally {
    signal.removeEventListener('abort', leave)
    forget()
  }
}
