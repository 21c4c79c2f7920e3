import type { RolloutEvent } from '../core/event.ts'
import { oncePerEvent } from './once-per-event.ts'
import type { Teller } from './teller.ts'

/** One JSON object a line; the last one is the finished rollout. */
export function jsonTeller(): Teller {
  const isNew = oncePerEvent()
  return {
    tell: (event: RolloutEvent) => {
      if (event.event !== 'progress' && isNew(event)) console.log(JSON.stringify(event))
    },
    away: () => undefined,
  }
}
