import type { ServiceName } from '../../core/names.ts'

/** What the workers need to speak TLS and to prove names, complete. Holds private keys: never logged, never written. */
export interface Credentials {
  /** 48 bytes as base64, alike in all workers, so that a client resumes its session with any of them. */
  readonly ticketKey: string
  readonly services: Readonly<Record<ServiceName, ServiceCredentials>>
}

export interface ServiceCredentials {
  /** The first one is for clients that ask for no name, or for one that none is for. */
  readonly certificates: readonly CertificatePem[]
  /** Proofs for the authority that certificates are asked from (RFC 8555 §8). */
  readonly proofs: readonly Proof[]
}

/** The certificate, with those between it and its root, and its private key. */
export interface CertificatePem {
  readonly cert: string
  readonly key: string
}

export type Proof =
  /** RFC 8555 §8.3: what is answered on `/.well-known/acme-challenge/<token>`. */
  | { readonly kind: 'http-01'; readonly token: string; readonly content: string }
  /** RFC 8737: what is shown to a client that offers `acme-tls/1` for this name. */
  | { readonly kind: 'tls-alpn-01'; readonly host: string; readonly pem: CertificatePem }

export const NO_CREDENTIALS: Credentials = { ticketKey: '', services: {} }
