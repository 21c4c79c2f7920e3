import type { ApiClient } from '../api/client.ts'
import type { RolloutEvent } from '../core/event.ts'
import type { Rollout } from '../core/rollout.ts'
import { followEvents } from './follow-events.ts'
import { jsonTeller } from './json-teller.ts'
import { textTeller } from './text-teller.ts'

interface Manner {
  readonly json?: boolean
  /** Nobody is watching any more; rejects then. */
  readonly signal?: AbortSignal
}

/** Shows a rollout until it has ended, and resolves with it. */
export async function followRollout(
  client: ApiClient,
  { id }: Rollout,
  { json, signal }: Manner,
): Promise<Rollout> {
  const teller = json === true ? jsonTeller() : textTeller()
  const last = await followEvents<RolloutEvent>(client, `/v1/rollouts/${id}/events`, {
    tell: (event) => {
      teller.tell(event)
    },
    away: () => {
      teller.away()
    },
    ...(signal && { signal }),
  })
  return last.rollout
}

/** A rollout that was taken back, or got stuck, is no success of the call. */
export function exitStatusOf(rollout: Rollout): number {
  return rollout.state.phase === 'finished' && rollout.state.outcome === 'promoted' ? 0 : 1
}
