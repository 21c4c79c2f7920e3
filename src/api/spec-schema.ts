import { z } from 'zod'
import type { ServiceSpec } from '../core/service.ts'
import { gates } from './gates-schema.ts'
import { notifySchema } from './notify-schema.ts'
import { address, basisPoints, ms, size, stickyKey } from './spec-words.ts'
import { trafficSchema } from './traffic-schema.ts'

const gate = z.strictObject({
  errors: z.number().min(0).max(1),
  minRequests: z.number().int().positive(),
})
const judge = z.strictObject({
  alpha: z.number().gt(0).lt(1),
  errors: z.boolean(),
  refusals: z.boolean(),
  memory: z.boolean(),
  early: z.boolean(),
  latency: z.number().gt(0).lt(1).exactOptional(),
  crashes: z.literal('compared').exactOptional(),
  inconclusive: z.enum(['go-on', 'hold', 'undo']),
})
const common = {
  gate,
  bakeMs: ms,
  warmMs: ms.exactOptional(),
  preview: address.exactOptional(),
  judge: judge.exactOptional(),
  gates: gates.exactOptional(),
}
const share = z.number().int().min(1).max(10_000)
const hold = z.union([ms, z.literal('until-promoted')])

const rollout = z.discriminatedUnion('strategy', [
  z.strictObject({
    strategy: z.literal('rolling'),
    batch: z.union([z.number().int().positive(), z.strictObject({ share })]),
    surge: z.union([z.number().int().nonnegative(), z.strictObject({ share: basisPoints })]),
    ...common,
  }),
  z.strictObject({ strategy: z.literal('blue-green'), ...common, warmMs: ms }),
  z.strictObject({
    strategy: z.literal('canary'),
    steps: z.array(z.strictObject({ share, hold })).min(1),
    ...common,
  }),
])

const rate = z.strictObject({
  perSecond: z.number().int().positive(),
  burst: z.number().int().positive(),
  by: stickyKey,
})

const level = z.enum(['error', 'warn', 'off'])
const preflight = z.strictObject({
  rollback: level,
  tests: level,
  branch: level,
  health: level,
  sigterm: level,
  memory: level,
  disk: level,
  traffic: level,
})

/** The canonical service as it crosses the API: the file was explained to its user before, this only keeps nonsense out. */
export const specSchema: z.ZodType<ServiceSpec> = z.strictObject({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/),
  run: z.string().min(1),
  build: z.string().min(1).exactOptional(),
  directory: z.string().startsWith('/'),
  env: z.record(z.string(), z.string()),
  instances: z.number().int().min(1).max(1_000),
  listen: address.exactOptional(),
  ready: z.strictObject({
    check: z.enum(['http', 'tcp', 'grpc']).exactOptional(),
    path: z.string().startsWith('/'),
    intervalMs: ms,
    timeoutMs: ms,
    up: z.number().int().positive(),
    down: z.number().int().positive(),
    startupMs: ms,
    aliveMs: ms.exactOptional(),
  }),
  stop: z.strictObject({
    drainMs: ms,
    signal: z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']),
    killMs: ms,
  }),
  limits: z.strictObject({
    headBytes: size,
    bodyBytes: size,
    headMs: ms,
    keepAliveMs: ms,
    idleMs: ms,
    connectMs: ms,
    answerMs: ms,
    holdMs: ms,
    holdRequests: size,
    fields: size.exactOptional(),
    bytesPerSecond: size.exactOptional(),
    connectionsPerAddress: size.exactOptional(),
    rate: rate.exactOptional(),
    retries: basisPoints.exactOptional(),
    releasedPerSecond: size.exactOptional(),
  }),
  rollout,
  reach: z.enum(['port', 'socket']).exactOptional(),
  protocol: z.enum(['http1', 'http2']).exactOptional(),
  traffic: trafficSchema.exactOptional(),
  notify: z.array(notifySchema).exactOptional(),
  preflight: preflight.exactOptional(),
})
