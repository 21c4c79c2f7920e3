import type { LimitSpec } from '../../core/service.ts'
import type { Hold } from './hold.ts'
import type { InstancePool } from './instance-pool.ts'
import type { InstanceSet } from './instance-set.ts'
import type { Tallies } from './tallies.ts'

/** What one request needs of its service. */
export interface ServiceContext {
  readonly limits: LimitSpec
  /** Clients are told to go. */
  readonly leaving: boolean
  /** The lines that tell a client how long its connection is kept. */
  readonly keepAliveLines: string
  readonly instances: InstanceSet
  readonly hold: Hold
  readonly tallies: Tallies
  /** It cannot be reached: nobody uses it until it is marked `up` again. */
  unreachable(pool: InstancePool, reason: string): void
}
