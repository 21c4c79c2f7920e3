import type { Address } from '../src/core/address.ts'
import { ALL } from '../src/core/names.ts'
import type { Route, RouteInstance } from '../src/core/route.ts'

const HOUR_MS = 3_600_000

/**
 * A route that sends everything to `v1`. Its checks are an hour apart once an instance is up, and its limits are wide:
 * what is measured is the way of requests, not what surrounds them.
 */
export function benchRoute(
  service: string,
  listen: Address,
  instances: readonly RouteInstance[],
): Route {
  return {
    service,
    listen,
    weights: { v1: ALL },
    instances,
    ready: { path: '/', intervalMs: HOUR_MS, timeoutMs: 5_000, up: 1, down: 3, startupMs: 10_000 },
    limits: {
      headBytes: 16_384,
      bodyBytes: 2 ** 40,
      headMs: 60_000,
      keepAliveMs: 600_000,
      idleMs: 600_000,
      connectMs: 5_000,
      answerMs: 60_000,
      holdMs: 10_000,
      holdRequests: 1_000,
    },
  }
}
