import type { ClientHello } from '../entry/client-hello.ts'
import { wildcardOf } from './certificate-names.ts'
import type { ServiceCredentials } from './credentials.ts'
import { tlsIdentity, type TlsIdentity, type TlsTerms } from './tls-identity.ts'

/** RFC 8737 §4. */
const PROOF_PROTOCOL = 'acme-tls/1'

/** With what a connection goes on. */
export interface TlsAnswer {
  readonly identity: TlsIdentity
  readonly protocols: readonly string[]
}

/** The certificates of a service, to be chosen from by what a client asks for. Made anew when one changes. */
export class TlsChoice {
  readonly #byName = new Map<string, TlsIdentity>()
  readonly #proofs = new Map<string, TlsIdentity>()
  readonly #protocols: readonly string[]
  readonly #first: TlsIdentity | undefined

  constructor(credentials: ServiceCredentials, terms: TlsTerms, protocols: readonly string[]) {
    this.#protocols = protocols
    const identities = credentials.certificates.map((pem) => tlsIdentity(pem, terms))
    this.#first = identities[0]
    for (const identity of identities) {
      // Of two certificates for one name the one that is named first in the file is meant.
      for (const name of identity.names)
        if (!this.#byName.has(name)) this.#byName.set(name, identity)
    }
    for (const proof of credentials.proofs) {
      if (proof.kind === 'tls-alpn-01') this.#proofs.set(proof.host, tlsIdentity(proof.pem, terms))
    }
  }

  /** Nothing when there is nothing to show. */
  answerTo({ serverName, protocols }: ClientHello): TlsAnswer | undefined {
    if (protocols.includes(PROOF_PROTOCOL)) return this.#proofFor(serverName)
    const identity = serverName === undefined ? this.#first : this.#identityFor(serverName)
    return identity && { identity, protocols: this.#protocols }
  }

  #identityFor(name: string): TlsIdentity | undefined {
    return this.#byName.get(name) ?? this.#byName.get(wildcardOf(name) ?? '') ?? this.#first
  }

  #proofFor(name = ''): TlsAnswer | undefined {
    const identity = this.#proofs.get(name)
    return identity && { identity, protocols: [PROOF_PROTOCOL] }
  }
}
