import type { Observation } from './incident.ts'
import type { InstanceId, ReleaseId } from './names.ts'

/** How the judge compares a new release with the old one. */
export interface JudgeSpec {
  /** Of releases that are no worse, the share that may be taken back all the same, 0 to 1. */
  readonly alpha: number
  /** Compares 5xx and answers that were owed. */
  readonly errors: boolean
  /** Compares 4xx. */
  readonly refusals: boolean
  /** Compares answers that come later than this share of the old release's, 0 to 1; unset: none. */
  readonly latency?: number
  /** Compares instances that end by themselves; unset: of the new release, one that ends while it is watched is enough. */
  readonly crashes?: 'compared'
  /** Watches whether instances grow until something is full: memory, file descriptors, the time they may take to answer a check. */
  readonly memory: boolean
  /** A hold ends as soon as the release is surely not much worse. */
  readonly early: boolean
  /** What to do when a hold is over and nothing is certain. */
  readonly inconclusive: 'go-on' | 'hold' | 'undo'
}

export interface JudgeTerms {
  readonly spec: JudgeSpec
  readonly candidate: ReleaseId
  readonly stable: ReleaseId
  /** Of the old release; unset where nothing is kept of it. */
  readonly youth?: Youth
}

/** What is compared. */
export type Metric = 'errors' | 'refusals' | 'latency' | 'crashes'

/** Of fewer instances that end, nothing is compared: what one or two do may be theirs. */
export const FEWEST_COMPARED = 3

/**
 * What an instance can fill up: bytes, open descriptors, and of `ready.timeout` the milliseconds that it takes to answer its
 * health check, which is how long it keeps everybody waiting.
 */
export type Resource = 'memory' | 'descriptors' | 'lag'

/** What an instance used when it had run for so long. */
export interface AtAge {
  readonly ageMs: number
  readonly value: number
}

/** What a release's instance used while it was young, by age; what was not seen is absent. */
export type Youth = Readonly<Partial<Record<Resource, readonly AtAge[]>>>

/** What one instance uses now, and how much of it is left; absent where the system cannot tell. */
export interface Weighing {
  readonly instance: InstanceId
  readonly release: ReleaseId
  /** Since its process started; absent in records of before it was told. */
  readonly ageMs?: number
  readonly used: Readonly<Partial<Record<Resource, number>>>
  readonly left: Readonly<Partial<Record<Resource, number>>>
}

/** The instances of both releases that serve. */
export interface Lives {
  /** How many ran at the count before. */
  readonly running: { readonly candidate: number; readonly stable: number }
  /** Those of them that ended by themselves since. */
  readonly ended: readonly { readonly instance: InstanceId; readonly release: ReleaseId }[]
}

/** One moment of the traffic. */
export interface Look {
  /** Unset where the router has seen nothing of the service yet: nobody has asked it, or it takes no traffic. */
  readonly observation?: Observation
  /** Of the traffic, what the route gives the candidate, 0 to 1. */
  readonly share: number
  readonly nowMs: number
  /** Of all instances of both releases, about once a second. */
  readonly weighings?: readonly Weighing[]
  /** About once a second, where crashes are compared. */
  readonly lives?: Lives
}

/** How many answers of a release were seen during the rollout, and how many of them were incidents; of crashes, its instances. */
export interface Seen {
  readonly answers: number
  readonly incidents: number
}

/** What the verdict rests on. */
export interface Grounds {
  readonly metric: Metric
  /** Unset: all paths together. */
  readonly path?: string
  readonly candidate: Seen
  readonly stable: Seen
  /** By how much a worse release explains what was seen better than an equal one. */
  readonly evidence: number
}

/** An instance grows until something is full. */
export interface GrowthGrounds {
  readonly metric: Resource
  readonly instance: InstanceId
  readonly perSecond: number
  readonly now: number
  /** How fast the old release grows now, or grew when it was as old; unset where neither was seen. */
  readonly stable?: { readonly perSecond: number; readonly when: 'now' | 'same-age' }
  /** From the verdict on, as fast as it grew until then. */
  readonly fullInMs: number
}

/** Errors that would be many, if more than so many users had met them. */
export interface Few {
  readonly incidents: number
  readonly users: number
}

export type Opinion =
  /** Surely worse. */
  | { readonly verdict: 'bad'; readonly grounds: Grounds | GrowthGrounds }
  /** Both fail alike: no question can be answered now. */
  | { readonly verdict: 'frozen'; readonly stable: Seen }
  /** Surely not much worse. */
  | { readonly verdict: 'fine'; readonly candidate: Seen }
  | { readonly verdict: 'undecided'; readonly candidate: Seen; readonly few?: Few }

/** Compares two releases during one rollout. Nothing but what it was shown decides: the same looks give the same opinion. */
export interface Judging {
  see(look: Look): void
  readonly opinion: Opinion
}

export type Judge = (terms: JudgeTerms) => Judging
