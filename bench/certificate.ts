import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { CertificateFiles } from '../src/core/entry.ts'

export interface BenchCertificate extends CertificateFiles {
  /** Key and certificate in one file, as HAProxy wants them. */
  readonly both: string
}

/** A certificate of its own for localhost, ECDSA on P-256, the same for every proxy. */
export async function makeCertificate(folder: string): Promise<BenchCertificate> {
  const [cert, key, both] = ['cert.pem', 'key.pem', 'both.pem'].map((name) =>
    join(folder, name),
  ) as [string, string, string]
  const words =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost'
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const files = ['-keyout', key, '-out', cert]
  await promisify(execFile)('openssl', [...words.split(' '), ...names, ...files])
  await writeFile(both, (await readFile(cert, 'utf8')) + (await readFile(key, 'utf8')), {
    mode: 0o600,
  })
  return { cert, key, both }
}
