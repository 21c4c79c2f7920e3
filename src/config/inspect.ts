import type { ServiceSpec } from '../core/service.ts'
import { inspectAcmePort } from './inspections/acme-port.ts'
import { inspectCertificates } from './inspections/certificates.ts'
import { inspectCommand } from './inspections/command.ts'
import { inspectDirectorySize } from './inspections/directory-size.ts'
import { inspectDraining } from './inspections/draining.ts'
import { inspectEnvFileMode } from './inspections/env-file-mode.ts'
import type { Finding, InspectContext, Inspection } from './inspections/finding.ts'
import { inspectMirrorWrites } from './inspections/mirror-writes.ts'
import { inspectPackageManager } from './inspections/package-manager.ts'
import { inspectPins } from './inspections/pins.ts'
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
  inspectCertificates,
  inspectAcmePort,
  inspectReadiness,
  inspectSpare,
  inspectDraining,
  inspectPins,
  inspectMirrorWrites,
  inspectDirectorySize,
  inspectStateDirectory,
  inspectEnvFileMode,
]

/**
 * What is good, doubtful or wrong about a file that has no fault, on this machine, before anything is started. Changes
 * nothing. What may not be read is a finding too; rejects with the system's error when something else fails.
 */
export async function inspect(spec: ServiceSpec, context: InspectContext): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const look of INSPECTIONS) {
    try {
      findings.push(...(await look(spec, context)))
    } catch (error) {
      findings.push(unreadable(error))
    }
  }
  // Several inspections may meet the same closed directory.
  return findings.filter(({ what }, at) => findings.findIndex((each) => each.what === what) === at)
}

/** A part of the directory that is closed to us; anything else is thrown on. */
function unreadable(error: unknown): Finding {
  const { code, path } = error as { code?: unknown; path?: unknown }
  if (code !== 'EACCES' && code !== 'EPERM') throw error
  return {
    code: 'directory-unreadable',
    level: 'error',
    what: `${String(path)} may not be read`,
    why: 'each release is a copy of the directory, and all of it must be readable',
    hint: 'Give this user the right to read it, or move it out of the directory.',
  }
}
