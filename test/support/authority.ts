import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface KeyPair {
  readonly cert: string
  readonly key: string
}

export interface Authority {
  /** The file with its certificate, as it is named to those who trust it. */
  readonly file: string
  readonly cert: string
  /** A certificate for these names and addresses, with its key. */
  issue(...names: readonly string[]): KeyPair
}

/** An authority of a company's own, which nobody else trusts. */
export function authority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'midflight-authority-'))
  const at = (file: string) => join(folder, file)
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const make = (name: string, ...more: readonly string[]): KeyPair => {
    const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`), '-days', '2']
    execFileSync('openssl', [...made, ...files, '-subj', `/CN=${name}`, ...more], { stdio: 'pipe' })
    return {
      cert: readFileSync(at(`${name}.pem`), 'utf8'),
      key: readFileSync(at(`${name}.key`), 'utf8'),
    }
  }
  const { cert } = make('authority')
  let issued = 0
  return {
    file: at('authority.pem'),
    cert,
    issue: (...names) => {
      issued += 1
      const all = names.map((name) => `${/^[\d.]+$/.test(name) ? 'IP' : 'DNS'}:${name}`)
      const leaf = ['-addext', `subjectAltName=${all.join(',')}`]
      const constraint = ['-addext', 'basicConstraints=critical,CA:FALSE']
      const signer = ['-CA', at('authority.pem'), '-CAkey', at('authority.key')]
      return make(`leaf${issued}`, ...signer, ...leaf, ...constraint)
    },
  }
}
