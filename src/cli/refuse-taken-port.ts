import type { Status } from '../api/contract.ts'
import { inspectPort } from '../config/inspections/port.ts'
import { Problem } from '../core/problem.ts'
import type { ServiceSpec } from '../core/service.ts'

/**
 * Throws `port-in-use` before anything is begun when the service is to listen where somebody else does. Where it
 * listens already is the proxy's own; a controller on another machine is left to find out itself.
 */
export async function refuseTakenPort(spec: ServiceSpec, known: Status | undefined): Promise<void> {
  const { host, port } = spec.listen
  if (process.env['MIDFLIGHT_API'] !== undefined) return
  if (known?.listen.host === host && known.listen.port === port) return
  const findings = await inspectPort(spec, { file: '', state: '', path: '', ownPids: [] })
  const taken = findings.find((finding) => finding.level === 'error')
  if (!taken) return
  throw new Problem('port-in-use', {
    message: `${taken.what}; ${spec.name} is to listen on ${host}:${port}`,
    hint: taken.hint,
    data: { host, port },
  })
}
