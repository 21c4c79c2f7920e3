import { createHash } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { TlsSpec } from '../../core/entry.ts'
import { certificateNames } from './certificate-names.ts'
import type { CertificatePem } from './credentials.ts'

/** A certificate as connections use it. */
export interface TlsIdentity {
  readonly context: SecureContext
  readonly names: readonly string[]
}

/** What all certificates of a service have in common. */
export interface TlsTerms {
  readonly minVersion: TlsSpec['minVersion']
  /** 48 bytes as base64. */
  readonly ticketKey: string
}

/** A session is bound to its certificate: it is not resumed for another name than it was begun for. */
export function tlsIdentity({ cert, key }: CertificatePem, terms: TlsTerms): TlsIdentity {
  const context = createSecureContext({
    cert,
    key,
    minVersion: terms.minVersion,
    ticketKeys: Buffer.from(terms.ticketKey, 'base64'),
    sessionIdContext: createHash('sha256').update(cert).digest('base64url').slice(0, 32),
    honorCipherOrder: true,
  })
  return { context, names: certificateNames(cert) }
}
