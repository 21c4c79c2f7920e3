import type { Abortable } from '../core/clock.ts'
import type { Doubt } from '../core/doubt.ts'
import type { Candidate, Demand } from '../core/preflight.ts'
import type { PreflightTools } from './preflight-tools.ts'
import type { Trial } from './trial.ts'

/** A doubt before the file says how much it counts. */
export type Worry = Pick<Doubt, 'what' | 'why' | 'hint'>

/** What a check may look at. */
export interface Grounds extends Candidate {
  readonly tools: PreflightTools
  readonly demand: Demand
  /** How one instance of it did; unset where no check needs one. */
  readonly trial?: Trial
}

/** Looks at one thing and changes nothing. */
export type Look = (
  grounds: Grounds,
  options: Abortable,
) => readonly Worry[] | Promise<readonly Worry[]>
