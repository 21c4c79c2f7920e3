import type { Address } from './address.ts'

/** How clients come in: the protocols they may speak, and whose word about other addresses counts. */
export interface EntrySpec {
  /** HTTP/2 is offered over TLS by ALPN, and understood in the clear when a client begins with it. */
  readonly http2: boolean
  /** Each connection begins with a PROXY protocol header, version 1 or 2; one without it is refused. */
  readonly proxyProtocol: boolean
  /** Address ranges (`10.0.0.0/8`) whose `Forwarded` and `X-Forwarded-*` fields are believed. */
  readonly trusted: readonly string[]
  readonly tls?: TlsSpec
}

export interface TlsSpec {
  /** Absolute paths of PEM files. Chosen by the name a client asks for; the first one is for all others. */
  readonly certificates: readonly CertificateFiles[]
  readonly acme?: AcmeSpec
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
  /** Answers plain HTTP there with a redirect to HTTPS, and HTTP-01 challenges with their proof. */
  readonly redirect?: Address
  readonly hsts?: HstsSpec
}

export interface CertificateFiles {
  readonly cert: string
  readonly key: string
}

/** Certificates that are asked for and renewed by themselves (RFC 8555). */
export interface AcmeSpec {
  readonly hosts: readonly string[]
  /** URL of the authority's directory. */
  readonly directory: string
  readonly email?: string
  readonly challenge: 'http-01' | 'tls-alpn-01'
  /** PEM file with the root to trust when talking to the authority, where the system's do not know it. */
  readonly root?: string
}

/** RFC 6797. */
export interface HstsSpec {
  readonly maxAgeMs: number
  readonly subdomains: boolean
  readonly preload: boolean
}
