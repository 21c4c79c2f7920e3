import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import type { CertificateFiles } from '../../core/entry.ts'
import { Problem } from '../../core/problem.ts'
import type { CertificatePem } from './credentials.ts'

/**
 * A certificate and its key, tried out as far as that goes without a client. Rejects with `certificate-unusable`, which
 * names the file, and never holds any of it. One that has expired is good enough: some clients look away.
 */
export async function readCertificate(files: CertificateFiles): Promise<CertificatePem> {
  const cert = await textOf(files.cert)
  const key = await textOf(files.key)
  const certificate = tried(files.cert, 'is no certificate in PEM', () => new X509Certificate(cert))
  const privateKey = tried(files.key, 'is no private key in PEM without a passphrase', () =>
    createPrivateKey(key),
  )
  if (!certificate.checkPrivateKey(privateKey))
    throw unusable(files.key, `is not the key of ${files.cert}`)
  tried(files.cert, 'cannot be used for TLS', () => createSecureContext({ cert, key }))
  return { cert, key }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw unusable(path, `cannot be read (${String((error as { code?: unknown }).code)})`, error)
  }
}

function tried<T>(path: string, why: string, use: () => T): T {
  try {
    return use()
  } catch (error) {
    throw unusable(path, why, error)
  }
}

function unusable(path: string, why: string, cause?: unknown): Problem {
  return new Problem('certificate-unusable', {
    message: `${path} ${why}`,
    hint: 'Nothing was changed. Mend the file, or name another under `tls.certificates`, and repeat.',
    data: { path },
    cause,
  })
}
