import { Problem } from '../core/problem.ts'
import type { Rollout } from '../core/rollout.ts'
import type { ServiceSpec } from '../core/service.ts'
import type { Status } from '../api/contract.ts'
import type { ApiClient } from '../api/client.ts'
import { exitStatusOf, followRollout } from './follow-rollout.ts'
import { clientFor, type Common } from './where.ts'

/** Releases the service when it never was; otherwise tells what serves. Resolves with the exit status. */
export async function firstDeploy(
  spec: ServiceSpec,
  common: Common,
  signal?: AbortSignal,
): Promise<number> {
  const how = { ...common, ...(signal && { signal }) }
  const client = clientFor(common)
  const known = await statusOf(client, spec.name)
  if (known?.rollout && known.rollout.state.phase !== 'finished') {
    return exitStatusOf(await followRollout(client, known.rollout, how))
  }
  if (known?.live !== undefined) {
    if (!common.json)
      console.log(
        `${spec.name} ${known.live} serves on ${known.listen.host}:${known.listen.port}; release what changed with: midflight deploy`,
      )
    return 0
  }
  const rollout = await client.call<Rollout>('POST', `/v1/services/${spec.name}/deploy`, {
    spec,
    ifBusy: 'refuse',
  })
  return exitStatusOf(await followRollout(client, rollout, how))
}

async function statusOf(client: ApiClient, service: string): Promise<Status | undefined> {
  try {
    return await client.call<Status>('GET', `/v1/services/${service}/status`)
  } catch (error) {
    if (error instanceof Problem && error.code === 'service-unknown') return undefined
    throw error
  }
}
