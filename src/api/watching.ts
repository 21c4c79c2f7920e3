import type { RolloutEvent } from '../core/event.ts'
import type { Controller } from '../engine/controller.ts'

/** A rollout's events as an iterable: what was, then what comes, up to its end. */
export async function* watching(
  controller: Controller,
  rollout: number,
  signal: AbortSignal,
): AsyncGenerator<RolloutEvent> {
  const waiting: RolloutEvent[] = []
  let wake = Promise.withResolvers<void>()
  const hear = (event: RolloutEvent) => {
    waiting.push(event)
    wake.resolve()
  }
  const forget = await controller.watch(rollout, hear)
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
