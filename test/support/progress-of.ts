import { join } from 'node:path'
import { apiClient } from '../../src/api/client.ts'
import type { RolloutEvent } from '../../src/core/event.ts'
import type { Shop } from './shop.ts'

/** What the running rollout says of its progress, from now until it has ended: the line that moves on a terminal. */
export async function progressOf(shop: Shop): Promise<readonly string[]> {
  const { rollout } = await shop.status()
  const client = apiClient({ socketPath: join(shop.workspace.stateDirectory, 'api.sock') })
  const notes: string[] = []
  for await (const event of client.stream<RolloutEvent>(`/v1/rollouts/${rollout?.id}/events`)) {
    if (event.event === 'progress') notes.push(event.note)
  }
  return notes
}
