import { readFile } from 'node:fs/promises'
import { certificateIn } from '../file-content.ts'
import { fine, type Finding, type Inspection } from './finding.ts'

const DAY_MS = 86_400_000
const SOON_DAYS = 14

/** A certificate that is given as a file is nobody's to renew but the user's. */
export const inspectCertificates: Inspection = async ({ traffic }) => {
  const files = traffic?.entry?.tls?.certificates ?? []
  return Promise.all(files.map(async ({ cert }) => findingFor(cert)))
}

async function findingFor(path: string): Promise<Finding> {
  const content = certificateIn(await readFile(path))
  const until = content.kind === 'good' ? Date.parse(content.value.validTo) : 0
  const days = Math.floor((until - Date.now()) / DAY_MS)
  const date = new Date(until).toISOString().slice(0, 10)
  if (days >= SOON_DAYS)
    return fine('certificate-valid', `${path} is valid until ${date}`, 'browsers check it')
  return {
    code: 'certificate-ending',
    level: days < 0 ? 'error' : 'warning',
    what: `${path} ${days < 0 ? 'is not valid since' : 'is valid until'} ${date}`,
    why: 'no client accepts it after that day',
    hint: 'Renew it, or let Midflight do it: tls: { acme: { hosts: [ … ] } }',
  }
}
