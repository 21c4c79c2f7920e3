import type { BasisPoints } from './names.ts'

/** How the requests of one release are spread over its instances. */
export interface BalanceSpec {
  /** `least-loaded` takes the less busy of two at random. */
  readonly policy: 'least-loaded' | 'round-robin'
  /** An instance that becomes ready gets a share that grows from a tenth to the whole in this time; 0 is off. */
  readonly slowStartMs: number
  /** Requests that run on one instance at once; more wait. 0 is no limit. */
  readonly requestsPerInstance: number
  readonly outliers?: OutlierSpec
}

/** When an instance that passes its checks is taken out all the same, because real requests fail on it. */
export interface OutlierSpec {
  /** So many failures in a row: 5xx, no answer, or an answer that broke. */
  readonly consecutive: number
  /** Or this share of failures, once `requests` came within `intervalMs`. */
  readonly share: BasisPoints
  readonly requests: number
  readonly intervalMs: number
  /** Out for this long; the nth time in a row for n times as long, at most `mostMs`. */
  readonly ejectMs: number
  readonly mostMs: number
  /** Never more than this share of a release's instances is out, but one always may be. */
  readonly ejected: BasisPoints
}
