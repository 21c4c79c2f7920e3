import type { InstanceId, ReleaseId, ServiceName } from './names.ts'

/** One request as the access log tells of it. It holds no cookie, no credential, and no value of a query. */
export interface AccessRecord {
  /** When its head was read, ISO 8601. */
  readonly at: string
  readonly service: ServiceName
  /** Whom it went to last; absent when nobody took it. */
  readonly release?: ReleaseId
  readonly instance?: InstanceId
  readonly method: string
  readonly path: string
  /** Names only: values may be secrets. */
  readonly query?: readonly string[]
  /** Absent when nothing was answered. */
  readonly status?: number
  /** `proxy` where the proxy answered in the place of an instance. */
  readonly by: 'app' | 'proxy'
  /** `broken`: in the middle of the answer. `left`: the client did not wait for it. `changed`: to another protocol. */
  readonly end: 'complete' | 'changed' | 'broken' | 'left'
  /** Of the bodies, as they were passed on. */
  readonly bytesIn: number
  readonly bytesOut: number
  /** Milliseconds from its head to the head of the answer, and to the end. */
  readonly firstByteMs?: number
  readonly ms: number
  readonly client: string
  readonly id: string
  /** What decided on the release: `rule 2`, `cohort` or `weights`. */
  readonly why?: string
  /** How often it was given to another instance, because the first did not take it. */
  readonly retries: number
  /** How long it waited for an instance. */
  readonly heldMs: number
  readonly protocol: string
}
