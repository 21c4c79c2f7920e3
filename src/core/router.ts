import type { ServiceName } from './names.ts'
import type { Abortable } from './clock.ts'
import type { Observation } from './incident.ts'
import type { Route } from './route.ts'
import type { Traffic } from './traffic.ts'

/** Moves traffic. Applying the same route twice is the same as once. */
export interface Router {
  /**
   * Resolves when every new request follows `route`; requests already running are not touched.
   * An instance that leaves the route while requests run on it loses nothing: they finish or meet their own limits.
   * Rejects with a Problem, the old route untouched, when the route is faulty or its port is taken.
   */
  apply(route: Route, options?: Abortable): Promise<void>
  /** What the router does now, as asked from the router itself; `undefined` for a service it does not know. */
  read(service: ServiceName, options?: Abortable): Promise<Traffic | undefined>
  /**
   * What was seen since the reading that gave `cursor`, 0 for all that is known; `undefined` for a service that nobody
   * has asked yet. Cheap enough for ten times a second.
   */
  observe(
    service: ServiceName,
    cursor: number,
    options?: Abortable,
  ): Promise<Observation | undefined>
  /** Stops listening for the service and leaves nothing of it behind. Repeating is safe. */
  remove(service: ServiceName, options?: Abortable): Promise<void>
}
