import type { BasisPoints, InstanceId, ReleaseId } from './names.ts'
import type { InstanceTraffic } from './traffic.ts'

/** A request as a person describes it, to be told where it would go. Nothing is sent. */
export interface DescribedRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** Each a name and a value; a name may come more than once. */
  readonly headers: readonly (readonly [string, string])[]
  /** The address of the client. */
  readonly client: string
}

/** Why a request would go where it would go, in the order in which that is decided. */
export interface Explanation {
  readonly request: DescribedRequest
  /** It would wait first: a person holds such requests. Absent unless so. */
  readonly held?: true
  readonly rules: readonly RuleExplanation[]
  /** Unset where users are not known again, or this request names none. */
  readonly user?: UserExplanation
  readonly releases: readonly ReleaseExplanation[]
  /** `draw`: by weight, anew for each request or, with a cookie, for each new user. `nobody` is ready: it would wait. */
  readonly decidedBy: 'rule' | 'cohort' | 'draw' | 'only-choice' | 'nobody'
  /** Unset where it is drawn, or nobody is ready. */
  readonly release?: ReleaseId
  /** The one it is kept on; unset where any that is ready in the release may get it, by load. */
  readonly instance?: InstanceId
}

export interface RuleExplanation {
  /** What its target is now, in words: `candidate (v2)`, `v3`, `v3 (does not serve)`. */
  readonly to: string
  /** `unavailable`: it matched, but its release has nobody ready or does not exist, so the weights decide. */
  readonly outcome: 'matched' | 'unavailable' | 'not-matched' | 'not-reached'
  /** What was looked at, up to the first part that did not match. */
  readonly parts: readonly PartExplanation[]
}

export interface PartExplanation {
  /** `header x-beta is "1"`. */
  readonly wanted: string
  /** Unset where the request has none. */
  readonly found?: string
  readonly holds: boolean
}

export interface UserExplanation {
  /** How users of this service are known again. */
  readonly by: 'cookie' | 'application-cookie' | 'header' | 'address'
  /** The key found in this request; unset for a user whom nobody has seen, who gets one with the answer. */
  readonly key?: string
  /** From which share on the user is on `release`, 0 to 1. Unset where there are not two releases to choose from. */
  readonly cohort?: { readonly release: ReleaseId; readonly from: number }
}

export interface ReleaseExplanation {
  readonly release: ReleaseId
  readonly share: BasisPoints
  readonly instances: readonly InstanceExplanation[]
}

export interface InstanceExplanation extends Pick<
  InstanceTraffic,
  'id' | 'health' | 'reason' | 'requests'
> {
  /** It may get requests now. */
  readonly ready: boolean
  readonly state: 'serving' | 'draining'
}
