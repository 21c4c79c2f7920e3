import type { InstanceId, ReleaseId, ServiceName } from './names.ts'
import type { InstanceAddress } from './address.ts'

/** One running copy of a release, as the runtime finds it. */
export interface Instance {
  readonly id: InstanceId
  readonly service: ServiceName
  readonly release: ReleaseId
  /** Which of the release's copies this is, counted from 0. */
  readonly slot: number
  readonly address: InstanceAddress
  readonly startedAtMs: number
  /** Differs each time a process is started, also in the same slot and on the same port. */
  readonly generation: string
  readonly state: InstanceState
}

export type InstanceState =
  | { readonly kind: 'running'; readonly pid: number }
  /** It ended without being asked to. `code` or `signal` where the runtime could learn it. */
  | { readonly kind: 'ended'; readonly code?: number; readonly signal?: string }

/** Processor time since its start, and resident memory now, of the instance and all it started. */
export interface Usage {
  readonly cpuMs: number
  readonly memoryBytes: number
  /** By how much all instances together may still grow. */
  readonly memoryLeftBytes?: number
  /** Open file descriptors of the first process, and how many it may have at most; absent where the system cannot tell. */
  readonly descriptors?: { readonly open: number; readonly most: number }
}
