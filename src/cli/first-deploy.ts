import type { Status } from '../api/contract.ts'
import type { Rollout } from '../core/rollout.ts'
import type { ServiceSpec } from '../core/service.ts'
import { askedBy } from './asker.ts'
import { exitStatusOf, followRollout } from './follow-rollout.ts'
import { refuseOutdatedCertificates } from './refuse-outdated-certificates.ts'
import { refuseTakenPort } from './refuse-taken-port.ts'
import { statusOf } from './status-of.ts'
import { tellDoubts } from './tell-doubts.ts'
import { clientFor, type Common } from './where.ts'

interface FirstDeploy extends Common {
  /** The folder that holds midflight.yaml. */
  readonly folder: string
}

/** Releases the service when it never was; otherwise tells what serves. Resolves with the exit status. */
export async function firstDeploy(
  spec: ServiceSpec,
  common: FirstDeploy,
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
        `${spec.name} ${known.live} ${whereOf(known)}; release what changed with: midflight deploy`,
      )
    return 0
  }
  await refuseTakenPort(spec, known)
  await refuseOutdatedCertificates(common.folder, spec, known)
  const rollout = await client.call<Rollout>('POST', `/v1/services/${spec.name}/deploy`, {
    spec,
    ifBusy: 'refuse',
    ...askedBy({}),
  })
  const exitStatus = exitStatusOf(await followRollout(client, rollout, how))
  if (!common.json) await tellDoubts(client, spec.name)
  return exitStatus
}

function whereOf({ listen }: Status): string {
  return listen ? `serves on ${listen.host}:${listen.port}` : 'works'
}
