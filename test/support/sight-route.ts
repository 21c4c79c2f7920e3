import type { Roles, Route, RouteInstance, Weights } from '../../src/core/route.ts'
import type { TrafficSpec } from '../../src/core/service.ts'
import { LIMITS } from './plane-under-test.ts'

/** A route of `shop` with these ways to treat its traffic. */
export function sightRoute(
  instances: readonly RouteInstance[],
  weights: Weights,
  traffic: TrafficSpec,
  roles: Roles = {},
): Route {
  return {
    service: 'shop',
    listen: { host: '127.0.0.1', port: 1 },
    weights,
    instances,
    ready: { path: '/', intervalMs: 1000, timeoutMs: 1000, up: 1, down: 1, startupMs: 1000 },
    limits: LIMITS,
    traffic,
    roles,
  }
}
