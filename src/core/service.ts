import type { ServiceName } from './names.ts'
import type { RolloutSpec } from './rollout-spec.ts'

/** What gets released, in canonical form: durations in milliseconds, shares in basis points, paths absolute. */
export interface ServiceSpec {
  readonly name: ServiceName
  /** The shell command that runs one instance; it learns its port from `PORT`. */
  readonly run: string
  /** Runs once in the release's own directory before its first instance starts. */
  readonly build?: string
  /** The directory a release is copied from. */
  readonly directory: string
  readonly env: Readonly<Record<string, string>>
  readonly instances: number
  readonly listen: Address
  readonly ready: ReadySpec
  readonly stop: StopSpec
  readonly limits: LimitSpec
  readonly rollout: RolloutSpec
}

export interface Address {
  readonly host: string
  readonly port: number
}

/** How to know that an instance is ready: `up` good answers (200 to 399) in a row, `down` bad ones to be out again. */
export interface ReadySpec {
  readonly path: string
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly up: number
  readonly down: number
  /** How long a new instance may take to be ready for the first time. */
  readonly startupMs: number
}

/** How an instance ends: out of the routes, drained, `signal`, and after `killMs` SIGKILL to its group. */
export interface StopSpec {
  /** How long running requests, uploads and streams may go on. */
  readonly drainMs: number
  readonly signal: 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2'
  readonly killMs: number
}

/** What the proxy allows a client, an instance, and a request that finds no instance ready. */
export interface LimitSpec {
  /** Largest request or response head, in bytes. */
  readonly headBytes: number
  /** Largest request body, in bytes. */
  readonly bodyBytes: number
  /** A client must have sent its whole head by then. */
  readonly headMs: number
  /** An idle keep-alive connection of a client is closed after this. */
  readonly keepAliveMs: number
  /** Nothing moved in either direction, in the middle of a message. */
  readonly idleMs: number
  readonly connectMs: number
  /** From the end of the request to the first byte of the answer. */
  readonly answerMs: number
  /** How long a request waits while no instance is ready, and how many may. */
  readonly holdMs: number
  readonly holdRequests: number
}
