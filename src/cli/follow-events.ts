import { setTimeout } from 'node:timers/promises'
import type { ApiClient } from '../api/client.ts'
import { Problem } from '../core/problem.ts'

interface Told {
  readonly event: string
}

interface Follow<E extends Told> {
  readonly tell: (event: E) => void
  /** Nobody answers; it is tried again. */
  readonly away: () => void
  /** Nobody is watching any more; rejects then. */
  readonly signal?: AbortSignal
}

const PATIENCE_MS = 120_000
const AGAIN_MS = 300

/**
 * Tells what happens until it is finished, and resolves with that. A controller that dies meanwhile is waited for: what it did
 * is in its journal, and the next controller goes on with it.
 */
export async function followEvents<E extends Told>(
  client: ApiClient,
  path: string,
  how: Follow<E>,
): Promise<Extract<E, { readonly event: 'finished' }>> {
  let lastHeardMs = Date.now()
  for (;;) {
    try {
      for await (const event of client.stream<E>(path, how.signal)) {
        lastHeardMs = Date.now()
        how.tell(event)
        if (isLast(event)) return event
      }
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'controller-missing') throw error
      if (Date.now() - lastHeardMs > PATIENCE_MS) throw error
    }
    how.away()
    await setTimeout(AGAIN_MS, undefined, how.signal ? { signal: how.signal } : {})
  }
}

function isLast<E extends Told>(event: E): event is Extract<E, { readonly event: 'finished' }> {
  return event.event === 'finished'
}
