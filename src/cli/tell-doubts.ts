import type { ApiClient } from '../api/client.ts'
import { statusOf } from './status-of.ts'
import { doubtLines } from './status-text.ts'

/**
 * A rollout can be promoted while no client gets a certificate, or while a rule names a release that is not there: what
 * is wrong with them is said at its end.
 */
export async function tellDoubts(client: ApiClient, service: string): Promise<void> {
  const status = await statusOf(client, service)
  for (const line of status ? doubtLines(status, Date.now()) : []) console.log(line)
}
