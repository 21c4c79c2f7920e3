import type { Problem } from './problem.ts'

/** When the new release is too bad to go on. */
export interface GateSpec {
  /** Largest share of its answers that may be errors (5xx or none at all), 0 to 1. */
  readonly errors: number
  /** Fewer answers than this prove nothing. */
  readonly minRequests: number
}

/** A gate that says no is an expected outcome, so it is a value. */
export type Verdict =
  | { readonly kind: 'yes'; readonly note?: string }
  | { readonly kind: 'no'; readonly problem: Problem }

export const yes: Verdict = { kind: 'yes' }

export function no(problem: Problem): Verdict {
  return { kind: 'no', problem }
}
