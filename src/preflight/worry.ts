import type { Abortable, Clock } from '../core/clock.ts'
import type { Doubt } from '../core/doubt.ts'
import type { Candidate } from '../core/preflight.ts'
import type { Workshop } from '../core/release.ts'
import type { Runtime } from '../core/runtime.ts'
import type { Trial } from './trial.ts'

/** A doubt before the file says how much it counts. */
export type Worry = Pick<Doubt, 'what' | 'why' | 'hint'>

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

/** What a check may look at. */
export interface Grounds extends Candidate {
  readonly tools: PreflightTools
  /** How one instance of it did; unset where no check needs one. */
  readonly trial?: Trial
}

/** Looks at one thing and changes nothing. */
export type Look = (
  grounds: Grounds,
  options: Abortable,
) => readonly Worry[] | Promise<readonly Worry[]>
