import { z } from 'zod'
import type { ServiceSpec } from '../core/service.ts'

const ms = z.number().int().nonnegative()
const gate = z.strictObject({
  errors: z.number().min(0).max(1),
  minRequests: z.number().int().positive(),
})
const common = { gate, bakeMs: ms }
const share = z.number().int().min(1).max(10_000)
const hold = z.union([ms, z.literal('until-promoted')])

const rollout = z.discriminatedUnion('strategy', [
  z.strictObject({
    strategy: z.literal('rolling'),
    batch: z.number().int().positive(),
    surge: z.number().int().nonnegative(),
    ...common,
  }),
  z.strictObject({ strategy: z.literal('blue-green'), warmMs: ms, ...common }),
  z.strictObject({
    strategy: z.literal('canary'),
    steps: z.array(z.strictObject({ share, hold })).min(1),
    ...common,
  }),
])

/** The canonical service as it crosses the API: the file was explained to its user before, this only keeps nonsense out. */
export const specSchema: z.ZodType<ServiceSpec> = z.strictObject({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/),
  run: z.string().min(1),
  build: z.string().min(1).exactOptional(),
  directory: z.string().startsWith('/'),
  env: z.record(z.string(), z.string()),
  instances: z.number().int().min(1).max(1_000),
  listen: z.strictObject({ host: z.string(), port: z.number().int().min(0).max(65_535) }),
  ready: z.strictObject({
    path: z.string().startsWith('/'),
    intervalMs: ms,
    timeoutMs: ms,
    up: z.number().int().positive(),
    down: z.number().int().positive(),
    startupMs: ms,
  }),
  stop: z.strictObject({
    drainMs: ms,
    signal: z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']),
    killMs: ms,
  }),
  limits: z.strictObject({
    headBytes: ms,
    bodyBytes: ms,
    headMs: ms,
    keepAliveMs: ms,
    idleMs: ms,
    connectMs: ms,
    answerMs: ms,
    holdMs: ms,
    holdRequests: ms,
  }),
  rollout,
})
