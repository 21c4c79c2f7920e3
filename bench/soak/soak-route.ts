import type { Address } from '../../src/core/address.ts'
import { ALL } from '../../src/core/names.ts'
import type { Route } from '../../src/core/route.ts'

/** The route the soak begins with, still without instances. Its limits are those of a service that sets none. */
export function soakRoute(listen: Address): Route {
  return {
    service: 'soak',
    listen,
    weights: { v1: ALL / 2, v2: ALL / 2 },
    instances: [],
    ready: {
      path: '/readyz',
      intervalMs: 250,
      timeoutMs: 2_000,
      up: 2,
      down: 3,
      startupMs: 30_000,
    },
    limits: {
      headBytes: 16_384,
      bodyBytes: 64 * 1_024 * 1_024,
      headMs: 10_000,
      keepAliveMs: 60_000,
      idleMs: 60_000,
      connectMs: 5_000,
      answerMs: 60_000,
      holdMs: 10_000,
      holdRequests: 1_000,
    },
  }
}
