import type { ServiceSpec } from '../core/service.ts'
import { inspectCommand } from './inspections/command.ts'
import { inspectDirectorySize } from './inspections/directory-size.ts'
import { inspectDraining } from './inspections/draining.ts'
import { inspectEnvFileMode } from './inspections/env-file-mode.ts'
import type { Finding, InspectContext, Inspection } from './inspections/finding.ts'
import { inspectPackageManager } from './inspections/package-manager.ts'
import { inspectPortIgnored } from './inspections/port-ignored.ts'
import { inspectPort } from './inspections/port.ts'
import { inspectReadiness } from './inspections/readiness.ts'
import { inspectSpare } from './inspections/spare.ts'
import { inspectStateDirectory } from './inspections/state-directory.ts'

/** In the order in which they are read: the app, how it is reached, how it is replaced, the machine. */
const INSPECTIONS: readonly Inspection[] = [
  inspectCommand,
  inspectPackageManager,
  inspectPortIgnored,
  inspectPort,
  inspectReadiness,
  inspectSpare,
  inspectDraining,
  inspectDirectorySize,
  inspectStateDirectory,
  inspectEnvFileMode,
]

/**
 * What is good, doubtful or wrong about a file that has no fault, on this machine, before anything is started. Changes
 * nothing. Rejects with the system's error when the directory cannot be read.
 */
export async function inspect(spec: ServiceSpec, context: InspectContext): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const look of INSPECTIONS) findings.push(...(await look(spec, context)))
  return findings
}
