import type { LimitSpec } from '../../core/service.ts'
import type { Sender } from '../http1/forward-head.ts'
import type { RequestHead } from '../http1/request-head.ts'
import type { Choice } from './choice.ts'
import type { Hold } from './hold.ts'
import type { InstancePool } from './instance-pool.ts'
import type { InstanceSet } from './instance-set.ts'
import type { RetryBudget } from '../limits/retry-budget.ts'
import type { Spool } from '../limits/spool.ts'
import type { Tallies } from './tallies.ts'

/** What one request needs of its service. */
export interface ServiceContext {
  readonly limits: LimitSpec
  readonly instances: InstanceSet
  readonly hold: Hold
  readonly tallies: Tallies
  readonly retries: RetryBudget
  readonly spool: Spool
  /** Files under these paths are asked from another release when the chosen one lacks them. */
  readonly assets: readonly string[] | undefined
  /** An instance for this request; `not` only when there is no other. `undefined`: it has to wait. */
  choose(request: RequestHead, sender: Sender, not: InstancePool | undefined): Choice | undefined
  /** It cannot be reached: nobody uses it until it is marked `up` again. */
  unreachable(pool: InstancePool, reason: string): void
}
