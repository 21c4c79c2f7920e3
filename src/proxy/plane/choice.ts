import type { InstancePool } from './instance-pool.ts'

/** Where one request goes. */
export interface Choice {
  readonly pool: InstancePool
  /** The line that its answer must carry, so that the user is known again. */
  readonly cookie?: string
  /** What decided on the release, in a word or two; the weights unless said. */
  readonly why?: string
}
