import type { Address } from './address.ts'
import type { BalanceSpec } from './balance.ts'
import type { EntrySpec } from './entry.ts'
import type { BasisPoints, ServiceName } from './names.ts'
import type { PreflightSpec } from './doubt.ts'
import type { NotifySpec } from './notify-spec.ts'
import type { RolloutSpec } from './rollout-spec.ts'
import type { Lookups, MirrorSpec, Rule, StickyKey, StickySpec } from './rule.ts'

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
  /** Where users reach it; unset for a worker, which takes no traffic. */
  readonly listen?: Address
  readonly ready: ReadySpec
  readonly stop: StopSpec
  readonly limits: LimitSpec
  readonly rollout: RolloutSpec
  /** How the proxy reaches an instance: `PORT` holds a free port, or the path of a unix socket. `port` unless said. */
  readonly reach?: 'port' | 'socket'
  /** What instances speak; `http1` unless said. */
  readonly protocol?: InstanceProtocol
  readonly traffic?: TrafficSpec
  /** Who is told of its rollouts. Holds secrets: never print it. */
  readonly notify?: readonly NotifySpec[]
  /** What is looked at before each deploy, and how much it counts; nothing unless set. */
  readonly preflight?: PreflightSpec
}

export type InstanceProtocol = 'http1' | 'http2'

/** How the proxy treats the service's traffic. What is left out is off, or as it always was. */
export interface TrafficSpec {
  readonly entry?: EntrySpec
  readonly balance?: BalanceSpec
  readonly sticky?: StickySpec
  readonly rules?: readonly Rule[]
  readonly lookups?: Lookups
  readonly mirror?: MirrorSpec
  /** A file under one of these paths that the chosen release lacks (404) is asked from the other live release. */
  readonly assets?: readonly string[]
  readonly ending?: EndingSpec
  /** The share of requests that is written to the access log. */
  readonly logged?: BasisPoints
}

/** How long-lived connections (WebSockets and event streams) leave an instance that drains. */
export interface EndingSpec {
  /** They stay as they are for this long; then they are closed one by one, spread over `spreadMs`. */
  readonly stayMs: number
  readonly spreadMs: number
  /** So many that come back are let in each second; 0 is no limit. */
  readonly reconnectsPerSecond: number
}

/** How to know that an instance is ready: `up` good answers in a row, `down` bad ones to be out again. */
export interface ReadySpec {
  /**
   * `http` asks for `path` and wants 200 to 399; `tcp` wants a connection; `grpc` asks the standard health service
   * (grpc.health.v1) and wants SERVING. `http` unless said.
   */
  readonly check?: 'http' | 'tcp' | 'grpc'
  readonly path: string
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly up: number
  readonly down: number
  /** How long a new instance may take to be ready for the first time. */
  readonly startupMs: number
  /** An instance of a worker is ready when it has lived for so long; nobody else is asked. */
  readonly aliveMs?: number
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
  /** Most fields in a head; 128 unless said. */
  readonly fields?: number
  /** A body, or a client that reads, must move at least so many bytes a second on average; 0 or unset is no limit. */
  readonly bytesPerSecond?: number
  /** Open connections of one client address; 0 or unset is no limit. */
  readonly connectionsPerAddress?: number
  readonly rate?: RateSpec
  /** Retries may be at most this share of requests, and always a few; 20% unless said. */
  readonly retries?: BasisPoints
  /** How many held requests are let go each second once an instance is ready; 0 or unset lets all go. */
  readonly releasedPerSecond?: number
}

/** How many requests one key may make: `perSecond` on average, `burst` at once. More is answered 429. */
export interface RateSpec {
  readonly perSecond: number
  readonly burst: number
  readonly by: StickyKey
}
