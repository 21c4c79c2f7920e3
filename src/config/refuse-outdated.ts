import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { TrafficSpec } from '../core/service.ts'
import { outsideValidity } from '../lib/outside-validity.ts'
import { faultsProblem } from './fault.ts'
import { certificateIn } from './file-content.ts'
import { fileFault, type FileRefusal } from './file-fault.ts'
import { readConfig } from './read-config.ts'
import { parseSource } from './source.ts'

export const RENEW = 'Renew it, or let Midflight do it: tls: { acme: { hosts: [ … ] } }'

/**
 * Throws `certificate-not-valid` with the place in the file of every certificate that clients refuse because of its dates.
 * Those at the paths in `shown` may go on: clients are shown them already, and refusing a release mends nothing.
 */
export async function refuseOutdated(
  file: string,
  { entry }: TrafficSpec,
  shown: readonly string[],
): Promise<void> {
  const certificates = entry?.tls?.certificates ?? []
  const looked = await Promise.all(
    certificates.map(async ({ cert }, index) => (shown.includes(cert) ? [] : look(cert, index))),
  )
  const refusals = looked.flat()
  if (refusals.length === 0) return
  const source = parseSource(basename(file), await readConfig(file))
  const faults = refusals.map((refusal) => fileFault(source, refusal))
  throw faultsProblem('certificate-not-valid', source.name, faults)
}

async function look(cert: string, index: number): Promise<FileRefusal[]> {
  const content = certificateIn(await readFile(cert))
  const message = content.kind === 'good' ? outsideValidity(content.value) : undefined
  return message === undefined
    ? []
    : [{ path: ['tls', 'certificates', index, 'cert'], message, hint: RENEW }]
}
