import type { Instance } from '../../../core/instance.ts'
import type { InstanceId, ReleaseId, ServiceName } from '../../../core/names.ts'
import { isAlive, type ProcessIdentity } from '../../../lib/process-identity.ts'
import { bootId } from './proc.ts'
import type { Family } from './process-family.ts'

/** What is written down of an instance, from just before its start until nothing of it is left. */
export type InstanceRecord = Place & Written

/** What `PORT` holds: a port of 127.0.0.1, or the path of a unix socket. */
export type Place = { readonly port: number } | { readonly path: string }

interface Written {
  readonly id: InstanceId
  readonly service: ServiceName
  readonly release: ReleaseId
  readonly slot: number
  /** Random for each start. In the environment of the process and all it starts, so that none of them is ever lost. */
  readonly token: string
  readonly startedAtMs: number
  readonly state: RecordState
}

/** `starting` is written before the process is made: whether it was made, only the process table knows. */
type RecordState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'started'; readonly process: Born }
  | ({ readonly kind: 'ended'; readonly process?: Born } & Exit)

/** A process of one run of the machine: after the next boot the same pid and start time may be somebody else's. */
interface Born extends ProcessIdentity {
  readonly boot: string
}

/** How a process ended, as told to its parent. A controller that only adopted it never learns. */
export interface Exit {
  readonly code?: number
  readonly signal?: string
}

export function isRunning(record: InstanceRecord): boolean {
  const { state } = record
  return state.kind === 'started' && isOfThisBoot(state.process) && isAlive(state.process)
}

export function familyOf(record: InstanceRecord): Family {
  const { token } = record
  const first = processOf(record)
  return first && isOfThisBoot(first) ? { token, first } : { token }
}

export function started(record: InstanceRecord, identity: ProcessIdentity): InstanceRecord {
  return { ...record, state: { kind: 'started', process: { ...identity, boot: bootId() } } }
}

export function ended(record: InstanceRecord, exit: Exit): InstanceRecord {
  const process = processOf(record)
  return { ...record, state: { kind: 'ended', ...(process && { process }), ...exit } }
}

/** The instance as the world sees it. A record that still says `starting` shows an instance that ended. */
export function instanceOf(record: InstanceRecord): Instance {
  const { id, service, release, slot, token, startedAtMs, state } = record
  const { code, signal }: Exit = state.kind === 'ended' ? state : {}
  return {
    id,
    service,
    release,
    slot,
    address: 'path' in record ? { path: record.path } : { host: '127.0.0.1', port: record.port },
    startedAtMs,
    generation: token,
    state:
      state.kind === 'started' && isRunning(record)
        ? { kind: 'running', pid: state.process.pid }
        : {
            kind: 'ended',
            ...(code !== undefined && { code }),
            ...(signal !== undefined && { signal }),
          },
  }
}

function processOf({ state }: InstanceRecord): Born | undefined {
  return state.kind === 'starting' ? undefined : state.process
}

function isOfThisBoot(process: Born): boolean {
  return process.boot === bootId()
}
