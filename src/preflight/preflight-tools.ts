import type { Clock } from '../core/clock.ts'
import type { Workshop } from '../core/release.ts'
import type { Runtime } from '../core/runtime.ts'

/** What the checks may ask of this machine. */
export interface Machine {
  /** What processes may still take before the system, or the group of Midflight, runs out. */
  memoryBytes(): number
  /** What this user may still write on the disk that holds the releases. */
  diskBytes(): Promise<number>
}

export interface PreflightTools {
  readonly runtime: Runtime
  readonly workshop: Pick<Workshop, 'remove'>
  readonly clock: Clock
  readonly machine: Machine
}
