import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** Writes `NAME.pem` and `NAME.key.pem` into a folder: a certificate that vouches for itself, and its key. */
export function writeCertificate(folder: string, name: string, days = '30'): void {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key.pem`)]
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key]
  const signed = ['-x509', '-days', days, '-subj', `/CN=${name}.example`, '-out', cert]
  execFileSync('openssl', ['req', ...made, ...signed], { stdio: 'ignore' })
}
