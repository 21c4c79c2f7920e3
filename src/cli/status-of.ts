import type { ApiClient } from '../api/client.ts'
import type { Status } from '../api/contract.ts'
import { Problem } from '../core/problem.ts'

/** The service's status; `undefined` for one the controller has never heard of. */
export async function statusOf(client: ApiClient, service: string): Promise<Status | undefined> {
  try {
    return await client.call<Status>('GET', `/v1/services/${service}/status`)
  } catch (error) {
    if (error instanceof Problem && error.code === 'service-unknown') return undefined
    throw error
  }
}
