import type { Release } from '../../src/core/release.ts'
import type { ServiceSpec } from '../../src/core/service.ts'

/** A service in `directory`, with the values of a small web app where a test sets no other. */
export function aServiceIn(
  directory: string,
  set: Partial<ServiceSpec> = {},
): ServiceSpec & Required<Pick<ServiceSpec, 'listen'>> {
  return {
    name: 'shop',
    run: 'node server.js',
    directory,
    env: { GREETING: 'hello' },
    instances: 1,
    listen: { host: '127.0.0.1', port: 0 },
    ready: { path: '/', intervalMs: 100, timeoutMs: 500, up: 1, down: 2, startupMs: 5_000 },
    stop: { drainMs: 1_000, signal: 'SIGTERM', killMs: 1_000 },
    limits: {
      headBytes: 65_536,
      bodyBytes: 1_048_576,
      headMs: 5_000,
      keepAliveMs: 5_000,
      idleMs: 5_000,
      connectMs: 1_000,
      answerMs: 5_000,
      holdMs: 1_000,
      holdRequests: 100,
    },
    rollout: {
      strategy: 'blue-green',
      warmMs: 0,
      bakeMs: 0,
      gate: { errors: 0.01, minRequests: 1 },
    },
    ...set,
  }
}

/** Its release `v1`, whose files are already in `directory`. */
export function aReleaseIn(
  directory: string,
  { service, run }: { readonly service: string; readonly run: string },
): Release {
  const spec = aServiceIn(directory, { name: service, run })
  return { service, id: 'v1', directory, spec, madeAtMs: 0, digest: '' }
}
