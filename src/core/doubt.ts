import type { ServiceName } from './names.ts'

/** What is looked at before a release is rolled out. */
export type PreflightCheck =
  | 'rollback'
  | 'health'
  | 'sigterm'
  | 'memory'
  | 'disk'
  | 'traffic'
  | 'tests'
  | 'branch'

/** How much a check counts: `error` refuses the deploy, `warn` is told and kept with the rollout. */
export type PreflightLevel = 'error' | 'warn' | 'off'

export type PreflightSpec = Readonly<Record<PreflightCheck, PreflightLevel>>

/** Something about a release, or about the machine, that makes its rollout a risk. */
export interface Doubt {
  readonly check: PreflightCheck
  readonly level: Exclude<PreflightLevel, 'off'>
  /** What is so, with the numbers. */
  readonly what: string
  /** What it means for users. */
  readonly why: string
  /** How to mend it. */
  readonly hint: string
}

/** What is doubtful about rolling several services out as one. */
export interface GroupDoubts {
  /** In the order in which they roll out. */
  readonly members: readonly { readonly service: ServiceName; readonly doubts: readonly Doubt[] }[]
  /** About all of them at once: each may fit alone. */
  readonly together: readonly Doubt[]
}
