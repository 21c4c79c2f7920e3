import type { ApiClient } from '../api/client.ts'
import { statusOf } from './status-of.ts'
import { certificateLines } from './status-text.ts'

/** A rollout can be promoted while no client gets a certificate: what is wrong with them is said at its end. */
export async function tellCertificates(client: ApiClient, service: string): Promise<void> {
  const faults = (await statusOf(client, service))?.certificates ?? []
  for (const line of faults.flatMap((each) => certificateLines(each, Date.now()))) console.log(line)
}
