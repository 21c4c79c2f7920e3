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
      const last = await listen<E>(client, path, {
        ...how,
        tell: (event) => {
          lastHeardMs = Date.now()
          how.tell(event)
        },
      })
      if (last) return last
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'controller-missing') throw error
      if (Date.now() - lastHeardMs > PATIENCE_MS) throw error
    }
    how.away()
    await setTimeout(AGAIN_MS, undefined, how.signal ? { signal: how.signal } : {})
  }
}

/** Resolves with nothing when the controller ended the stream before its end. */
async function listen<E extends Told>(
  client: ApiClient,
  path: string,
  { tell, signal }: Follow<E>,
): Promise<Extract<E, { readonly event: 'finished' }> | undefined> {
  for await (const event of client.stream<E>(path, signal)) {
    tell(event)
    if (isLast(event)) return event
  }
  return undefined
}

function isLast<E extends Told>(event: E): event is Extract<E, { readonly event: 'finished' }> {
  return event.event === 'finished'
}
