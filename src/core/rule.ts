import type { BasisPoints, ReleaseId } from './names.ts'

/** `candidate` is the release that a rollout brings, `stable` the one it replaces; else a release by its id. */
export type Target = 'candidate' | 'stable' | { readonly release: ReleaseId }

/** Sends the requests that match to one release, whatever the weights say. The first rule that matches decides. */
export interface Rule {
  readonly when: Condition
  readonly to: Target
}

/** All parts must match. */
export interface Condition {
  readonly header?: Readonly<Record<string, Match>>
  readonly cookie?: Readonly<Record<string, Match>>
  readonly query?: Readonly<Record<string, Match>>
  readonly path?: Match
  readonly methods?: readonly string[]
  /** Address ranges of clients: `192.0.2.0/24`, `2001:db8::/32`. */
  readonly clients?: readonly string[]
  /** ISO 3166-1 codes of two letters. */
  readonly countries?: readonly string[]
  readonly users?: readonly string[]
}

export type Match =
  | { readonly kind: 'exact'; readonly value: string }
  | { readonly kind: 'prefix'; readonly value: string }
  /** A regular expression, without regard to case, anywhere in the value. */
  | { readonly kind: 'pattern'; readonly value: string }
  | { readonly kind: 'present' }

/** What makes requests belong together: they stay on one release, and inside it on one instance. */
export interface StickySpec {
  readonly by: StickyKey
  /** How long the proxy's own cookie lasts; 0 until the browser is closed. */
  readonly forMs: number
  /** Whether the instance is kept too, or the release only. */
  readonly scope: 'instance' | 'release'
}

export type StickyKey =
  /** A signed cookie that the proxy gives out. */
  | { readonly kind: 'cookie' }
  /** The value of the application's own cookie or header. */
  | { readonly kind: 'application-cookie'; readonly name: string }
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'address' }

/** Sends a copy of some requests to another release. The user never notices; the answers are compared and counted. */
export interface MirrorSpec {
  readonly to: Target
  readonly share: BasisPoints
  /** Only requests with these methods are copied. */
  readonly methods: readonly string[]
  /** Bodies of requests and answers up to this many bytes are copied and compared. */
  readonly bodyBytes: number
  /** Fields that may differ without a word, in lower case. */
  readonly ignoredFields: readonly string[]
}

/** Where rules look things up. */
export interface Lookups {
  /** The field or cookie that names the user, for `users`. */
  readonly user?: StickyKey
  /** A MaxMind file; without it the country data that comes with the package is used. */
  readonly countryFile?: string
}
