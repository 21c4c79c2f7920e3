import { setTimeout } from 'node:timers/promises'
import type { ApiClient } from '../api/client.ts'
import type { RolloutEvent } from '../core/event.ts'
import { Problem } from '../core/problem.ts'
import type { Rollout } from '../core/rollout.ts'
import { jsonTeller } from './json-teller.ts'
import { textTeller } from './text-teller.ts'

interface Manner {
  readonly json?: boolean
  /** Nobody is watching any more; rejects then. */
  readonly signal?: AbortSignal
}

const PATIENCE_MS = 120_000
const AGAIN_MS = 300

/**
 * Shows a rollout until it has ended, and resolves with it. A controller that dies meanwhile is waited for: the rollout
 * is in its journal, and the next controller goes on with it.
 */
export async function followRollout(
  client: ApiClient,
  rollout: Rollout,
  how: Manner,
): Promise<Rollout> {
  const teller = how.json === true ? jsonTeller() : textTeller()
  let lastHeardMs = Date.now()
  const hear = (event: RolloutEvent) => {
    lastHeardMs = Date.now()
    teller.tell(event)
  }
  for (;;) {
    try {
      const ended = await listen(client, rollout, { hear, ...how })
      if (ended) return ended
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'controller-missing') throw error
      if (Date.now() - lastHeardMs > PATIENCE_MS) throw error
    }
    teller.away()
    await setTimeout(AGAIN_MS, undefined, how.signal ? { signal: how.signal } : {})
  }
}

async function listen(
  client: ApiClient,
  { id }: Rollout,
  { hear, signal }: { hear: (event: RolloutEvent) => void; signal?: AbortSignal },
): Promise<Rollout | undefined> {
  for await (const event of client.stream<RolloutEvent>(`/v1/rollouts/${id}/events`, signal)) {
    hear(event)
    if (event.event === 'finished') return event.rollout
  }
  return undefined
}

/** A rollout that was taken back, or got stuck, is no success of the call. */
export function exitStatusOf(rollout: Rollout): number {
  return rollout.state.phase === 'finished' && rollout.state.outcome === 'promoted' ? 0 : 1
}
