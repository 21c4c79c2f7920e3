import type { Status } from '../api/contract.ts'
import { findConfig } from '../config/load.ts'
import { refuseOutdated } from '../config/refuse-outdated.ts'
import type { ServiceSpec } from '../core/service.ts'

/**
 * Throws `certificate-not-valid` before anything is begun when the release would bring a certificate that clients refuse.
 * One that ended while it was in use holds up no release: it is told at the end of the rollout.
 */
export async function refuseOutdatedCertificates(
  folder: string,
  spec: ServiceSpec,
  known: Status | undefined,
): Promise<void> {
  const shown = (known?.certificates ?? []).map((fault) => fault.of)
  await refuseOutdated(await findConfig(folder), spec.traffic ?? {}, shown)
}
