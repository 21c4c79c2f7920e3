import type { InstanceId, ReleaseId } from './names.ts'
import type { Sight } from './sight.ts'

/** An answer that harmed its user, or may have. */
export interface Incident {
  readonly atMs: number
  readonly release: ReleaseId
  readonly instance: InstanceId
  /** The same for all that one user meets, as far as users can be told apart; it does not say who that is. */
  readonly user: string
  /** `error`: 5xx, or an answer that was owed. `refusal`: 4xx. `slow`: later than `slowMs` of the route. */
  readonly what: 'error' | 'refusal' | 'slow'
  /** 0 where the answer was owed or broken off. */
  readonly status: number
  /** Method and path, without what names one thing among many: `GET /orders/*`. */
  readonly path: string
}

/** What the router saw of a service since another reading. */
export interface Observation {
  /** To ask with for what comes next. */
  readonly cursor: number
  /** Of what changed, all that it ever counted. */
  readonly releases: Readonly<Record<ReleaseId, Sight>>
  readonly incidents: readonly Incident[]
}
