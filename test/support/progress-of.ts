import { join } from 'node:path'
import { apiClient } from '../../src/api/client.ts'
import type { RolloutEvent } from '../../src/core/event.ts'
import type { Shop } from './shop.ts'

export interface Progress {
  /** The line that moves on a terminal. */
  readonly note: string
  /** The versions that users have met so far. */
  readonly versions: readonly string[]
}

/** What the running rollout says of its progress, from now until it has ended. */
export async function progressOf(shop: Shop): Promise<readonly Progress[]> {
  const { rollout } = await shop.status()
  const client = apiClient({ socketPath: join(shop.workspace.stateDirectory, 'api.sock') })
  const { load } = shop.traffic
  const said: Progress[] = []
  for await (const event of client.stream<RolloutEvent>(`/v1/rollouts/${rollout?.id}/events`)) {
    if (event.event !== 'progress') continue
    said.push({ note: event.note, versions: Object.keys(load.countsSince().versions) })
  }
  return said
}
