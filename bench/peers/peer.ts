import type { Address, InstanceAddress } from '../../src/core/address.ts'
import type { BenchCertificate } from '../certificate.ts'
import type { OriginKind } from '../origin/origins.ts'

/** How clients come in: HTTP/1.1 in the clear or over TLS, HTTP/2 over TLS or in the clear with prior knowledge. */
export type EntryKind = 'http' | 'tls' | 'h2' | 'h2c'

/** What a proxy is to do; the same for all of them. */
export interface Setup {
  /** Of this proxy's own, empty. */
  readonly folder: string
  readonly listen: Address
  readonly entry: EntryKind
  readonly certificate: BenchCertificate
  readonly origin: InstanceAddress
}

/** How a proxy is started for a setup: one worker or thread, access log off, connections to the origin kept. */
export interface Recipe {
  readonly words: readonly string[]
  /** Written into the folder before. */
  readonly files?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  /** What is left to do when the process exists. */
  readonly afterwards?: () => Promise<void>
}

/** What a case wants of it. */
export interface PeerAsked {
  readonly entry: EntryKind
  readonly origin: OriginKind
}

/** A proxy that can be measured. */
export interface Peer {
  readonly name: string
  readonly program: string
  recipe(setup: Setup): Recipe
  /** Why it cannot take part with this setup; nothing when it can. */
  cannot?(asked: PeerAsked): string | undefined
}

export function isEncrypted(entry: EntryKind): boolean {
  return entry === 'tls' || entry === 'h2'
}

export function hostAndPort({ host, port }: Address): string {
  return `${host}:${port}`
}
