import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { CertificateFiles } from '../../src/core/entry.ts'

/** A certificate that signs itself, with its key, as two files in `folder`. The first name is its common name. */
export function certificate(
  folder: string,
  file: string,
  names: readonly string[],
): CertificateFiles {
  const [cert, key] = [join(folder, `${file}.pem`), join(folder, `${file}.key.pem`)]
  const alternative = names.map((name) => (/^[\d.]+$|:/.test(name) ? `IP:${name}` : `DNS:${name}`))
  const made = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
  ]
  const files = ['-keyout', key, '-out', cert, '-days', '2', '-subj', `/CN=${names[0]}`]
  const subject = ['-addext', `subjectAltName=${alternative.join(',')}`]
  execFileSync('openssl', [...made, ...files, ...subject], { stdio: 'pipe' })
  return { cert, key }
}
