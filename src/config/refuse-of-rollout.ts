import type { Address } from '../core/address.ts'
import { countOf } from '../core/portion.ts'
import type { Refuse } from './refuse-of-worker.ts'
import type { ServiceFile } from './service-file.ts'

/** What does not go together in how a release takes over, or with the rest of the file. */
export function refuseOfRollout(
  { rollout, instances, listen, tls }: ServiceFile,
  refuse: Refuse,
): void {
  if (rollout.strategy === 'rolling') {
    const [batch, surge] = [countOf(rollout.batch, instances), countOf(rollout.surge, instances)]
    if (surge > batch) refuse(['rollout', 'surge'], 'must not be larger than batch')
  }
  const { preview } = rollout
  if (!preview) return
  if (!listen) refuse(['rollout', 'preview'], 'needs a service that users reach: listen')
  const taken = [listen, tls?.redirect].some((each) => each && overlaps(each, preview))
  if (taken) refuse(['rollout', 'preview'], 'must be another port than the service’s own')
}

/** One socket takes what the other one should. */
function overlaps(one: Address, other: Address): boolean {
  if (one.port !== other.port) return false
  return (
    one.host === other.host || [one.host, other.host].some((host) => /^(0\.0\.0\.0|::)$/.test(host))
  )
}
