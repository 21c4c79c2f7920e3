import type { Address } from '../../core/address.ts'
import type { ProblemJson } from '../../core/problem.ts'
import type { HealthMark, Tally } from '../plane/data-plane-port.ts'
import type { SightDelta } from '../sight/sight-delta.ts'

/** What the heir takes over at the moment it takes over. */
export interface Will {
  readonly tally: Tally
  readonly sights: SightDelta
}

/**
 * From a proxy that gives way to its heir, in this order. Each `socket` comes with its handle. After `take` it speaks
 * as a worker does (`FromWorker`), and hears what a worker hears.
 */
export type ToHeir =
  | { readonly kind: 'socket'; readonly address: Address; readonly origin: 'bound' | 'lent' }
  | { readonly kind: 'estate'; readonly marks: readonly HealthMark[] }
  | { readonly kind: 'take'; readonly will: Will }

/** From an heir. After `taken` it speaks as a supervisor does to a worker (`ToWorker`). */
export type FromHeir =
  | { readonly kind: 'ready' }
  | { readonly kind: 'taken' }
  | { readonly kind: 'unfit'; readonly problem: ProblemJson }
