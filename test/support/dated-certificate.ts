import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** When a certificate is good: two days. */
interface Dates {
  readonly from: string
  readonly until: string
}

export const ENDED: Dates = { from: '2020-01-01', until: '2020-02-01' }
export const NOT_BEGUN: Dates = { from: '2090-01-01', until: '2090-02-01' }

const AUTHORITY = `
[ca]
default_ca = own
[own]
database = index
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
`

/** Writes `NAME.pem` and `NAME.key.pem` into a folder: a certificate that vouches for itself, good between these days only. */
export function datedCertificate(folder: string, name: string, { from, until }: Dates): void {
  const cwd = mkdtempSync(join(tmpdir(), 'midflight-dated-'))
  const openssl = (...words: readonly string[]) =>
    execFileSync('openssl', words, { cwd, stdio: 'pipe' })
  writeFileSync(join(cwd, 'ca.cnf'), AUTHORITY)
  writeFileSync(join(cwd, 'index'), '')
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key.pem`)]
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key]
  openssl('req', '-new', ...made, '-subj', `/CN=${name}.example`, '-out', 'asked')
  const dates = ['-startdate', digits(from), '-enddate', digits(until)]
  const signed = ['-batch', '-config', 'ca.cnf', '-selfsign', '-keyfile', key, '-in', 'asked']
  openssl('ca', ...signed, ...dates, '-notext', '-out', cert)
  rmSync(cwd, { recursive: true })
}

/** As GeneralizedTime, at midnight. */
const digits = (date: string): string => `${date.replaceAll('-', '')}000000Z`
