import type { Status } from '../api/contract.ts'
import { inspectPort } from '../config/inspections/port.ts'
import { Problem } from '../core/problem.ts'
import type { ServiceSpec } from '../core/service.ts'

/** What the inspection finds, by the names the proxy gives it when it meets it itself. */
const CODES: Readonly<Record<string, string>> = {
  'port-taken': 'port-in-use',
  'port-forbidden': 'port-not-allowed',
}

/**
 * Throws `port-in-use`, `port-not-allowed` or `address-unusable` before anything is begun when the service is to listen where somebody else does. Where it
 * listens already is the proxy's own; a controller on another machine is left to find out itself.
 */
export async function refuseTakenPort(spec: ServiceSpec, known: Status | undefined): Promise<void> {
  if (!spec.listen) return
  const { host, port } = spec.listen
  if (process.env['MIDFLIGHT_API'] !== undefined) return
  if (known?.listen?.host === host && known.listen.port === port) return
  const findings = await inspectPort(spec, { file: '', state: '', path: '', ownPids: [] })
  const taken = findings.find((finding) => finding.level === 'error')
  if (!taken) return
  throw new Problem(CODES[taken.code] ?? 'address-unusable', {
    message: `${taken.what}; ${spec.name} is to listen on ${host}:${port}`,
    hint: taken.hint,
    data: { host, port },
  })
}
