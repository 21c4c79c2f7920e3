import type { ServiceSpec } from '../../core/service.ts'

/** One thing that `midflight check` says about a file that has no fault: what is so, why it matters, what to do. */
export interface Finding {
  /** Stable, kebab-case. */
  readonly code: string
  readonly level: 'ok' | 'warning' | 'error'
  readonly what: string
  readonly why: string
  /** Empty when there is nothing to do. */
  readonly hint: string
}

/** What an inspection may know beside the file. */
export interface InspectContext {
  /** The path of midflight.yaml. */
  readonly file: string
  /** Where Midflight keeps its state. */
  readonly state: string
  /** The PATH that instances are started with. */
  readonly path: string
  /** The processes of a Midflight that runs already: it may hold the port. */
  readonly ownPids: readonly number[]
}

/** Looks at one thing and changes nothing. */
export type Inspection = (
  spec: ServiceSpec,
  context: InspectContext,
) => readonly Finding[] | Promise<readonly Finding[]>

/** Nothing to do about it. */
export function fine(code: string, what: string, why: string): Finding {
  return { code, level: 'ok', what, why, hint: '' }
}
