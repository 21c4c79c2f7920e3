import type { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { outsideValidity } from '../../lib/outside-validity.ts'
import { certificateIn } from '../file-content.ts'
import { RENEW } from '../refuse-outdated.ts'
import { fine, type Finding, type Inspection } from './finding.ts'

const SOON_MS = 14 * 86_400_000

/** A certificate that is given as a file is nobody's to renew but the user's. */
export const inspectCertificates: Inspection = async ({ traffic }) => {
  const files = traffic?.entry?.tls?.certificates ?? []
  const found = await Promise.all(files.map(async ({ cert }) => findingFor(cert)))
  return found.flat()
}

/** A file that is no certificate is refused before anything is inspected. */
async function findingFor(path: string): Promise<readonly Finding[]> {
  const content = certificateIn(await readFile(path))
  return content.kind === 'good' ? [datesOf(path, content.value)] : []
}

function datesOf(path: string, certificate: X509Certificate): Finding {
  const outside = outsideValidity(certificate)
  if (outside !== undefined)
    return {
      code: 'certificate-ending',
      level: 'error',
      what: `${path} ${outside}`,
      why: 'no client accepts it, and a release that brings it is refused',
      hint: RENEW,
    }
  const date = certificate.validToDate.toISOString().slice(0, 10)
  const what = `${path} is valid until ${date}`
  if (certificate.validToDate.getTime() - Date.now() >= SOON_MS)
    return fine('certificate-valid', what, 'browsers check it')
  return {
    code: 'certificate-ending',
    level: 'warning',
    what,
    why: 'no client accepts it after that day',
    hint: RENEW,
  }
}
