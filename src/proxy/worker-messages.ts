import type { ServiceName } from '../core/names.ts'
import type { Route } from '../core/route.ts'
import type { Leave } from './leave.ts'
import type { HealthMark, Outlier, TallyNews } from './plane/data-plane-port.ts'
import type { ServiceCredentials } from './tls/credentials.ts'
import type { SightDelta } from './sight/sight-delta.ts'

/** What a worker is to do from this version on, for the services named here; of the others nothing changes. */
export interface Orders {
  readonly version: number
  readonly services: readonly ServiceOrders[]
}

/** Marks that changed together, by service. */
export type HealthNews = readonly (readonly [ServiceName, readonly HealthMark[]])[]

/** Without a route the service ends. Its doors are these and no others. */
export interface ServiceOrders {
  readonly service: ServiceName
  readonly route?: Route
  readonly doors: readonly Door[]
  readonly marks: readonly HealthMark[]
}

/** Accept on the socket it has under `key`, for `service`. */
export interface Door {
  readonly key: string
  readonly service: ServiceName
  /** Sends everybody to HTTPS, instead of serving. */
  readonly leads?: 'to-https'
}

/** The descriptor after the standard ones and the channel. */
export const FIRST_INHERITED = 4

/** From the supervisor to a worker. `hold` comes with a socket. */
export type ToWorker =
  /** The key that signs sticky cookies, in base64. Comes before the first orders. */
  | { readonly kind: 'sign'; readonly key: string }
  /** Comes first: the worker was born with these, in this order, from `FIRST_INHERITED` on. */
  | { readonly kind: 'inherit'; readonly keys: readonly string[] }
  | { readonly kind: 'hold'; readonly key: string }
  /** Answered by `equipped` with this number. Without credentials there is no more TLS for the service. */
  | {
      readonly kind: 'equip'
      readonly number: number
      readonly service: ServiceName
      readonly credentials?: ServiceCredentials
    }
  | { readonly kind: 'obey'; readonly orders: Orders }
  | { readonly kind: 'mark'; readonly news: HealthNews }
  /** Send yourself a request for this service, and tell what came of it. */
  | { readonly kind: 'probe'; readonly service: ServiceName; readonly path: string }
  | ({ readonly kind: 'leave' } & Leave)

/** From a worker to the supervisor. */
export type FromWorker =
  | { readonly kind: 'obeyed'; readonly version: number }
  | { readonly kind: 'equipped'; readonly number: number }
  | { readonly kind: 'not-listening'; readonly key: string; readonly code: string }
  | { readonly kind: 'tally'; readonly news: TallyNews }
  | { readonly kind: 'sight'; readonly sight: SightDelta }
  | { readonly kind: 'refused'; readonly mark: HealthMark }
  | { readonly kind: 'outlier'; readonly outlier: Outlier }
  | { readonly kind: 'probed'; readonly service: ServiceName; readonly fault?: string }
