/** What workers need to speak TLS for a service, complete. Holds private keys: never logged, never written. */
export interface ServiceCredentials {
  /** 48 bytes as base64, alike in all workers, so that a client resumes its session with any of them. */
  readonly ticketKey: string
  /** The first one is for clients that ask for no name, or for one that none is for. */
  readonly certificates: readonly CertificatePem[]
  /** For the authority that certificates are asked from (RFC 8555 §8). */
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
