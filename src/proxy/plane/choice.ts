import type { InstancePool } from './instance-pool.ts'

/** Where one request goes. */
export interface Choice {
  readonly pool: InstancePool
}
