import { z } from 'zod'
import type { TrafficSpec } from '../core/service.ts'
import { entry } from './entry-schema.ts'
import { basisPoints, ms, size, stickyKey } from './spec-words.ts'

const outliers = z.strictObject({
  consecutive: z.number().int().positive(),
  share: basisPoints,
  requests: z.number().int().positive(),
  intervalMs: ms,
  ejectMs: ms,
  mostMs: ms,
  ejected: basisPoints,
})

const balance = z.strictObject({
  policy: z.enum(['least-loaded', 'round-robin']),
  slowStartMs: ms,
  requestsPerInstance: size,
  outliers: outliers.exactOptional(),
})

const target = z.union([
  z.enum(['candidate', 'stable']),
  z.strictObject({ release: z.string().min(1) }),
])

const value = z.string()
const match = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exact'), value }),
  z.strictObject({ kind: z.literal('prefix'), value }),
  z.strictObject({ kind: z.literal('pattern'), value }),
  z.strictObject({ kind: z.literal('present') }),
])
const matches = z.record(z.string(), match).exactOptional()
const words = z.array(z.string()).min(1)

const condition = z.strictObject({
  header: matches,
  cookie: matches,
  query: matches,
  path: match.exactOptional(),
  methods: words.exactOptional(),
  clients: words.exactOptional(),
  countries: words.exactOptional(),
  users: words.exactOptional(),
})

const mirror = z.strictObject({
  to: target,
  share: basisPoints,
  methods: words,
  bodyBytes: size,
  ignoredFields: z.array(z.string()),
})

/** The part of a service that says how its traffic is treated, as it crosses the API. */
export const trafficSchema: z.ZodType<TrafficSpec> = z.strictObject({
  entry: entry.exactOptional(),
  balance: balance.exactOptional(),
  sticky: z
    .strictObject({ by: stickyKey, forMs: ms, scope: z.enum(['instance', 'release']) })
    .exactOptional(),
  rules: z.array(z.strictObject({ when: condition, to: target })).exactOptional(),
  lookups: z
    .strictObject({
      user: stickyKey.exactOptional(),
      countryFile: z.string().startsWith('/').exactOptional(),
    })
    .exactOptional(),
  mirror: mirror.exactOptional(),
  assets: z.array(z.string().startsWith('/')).exactOptional(),
  ending: z.strictObject({ stayMs: ms, spreadMs: ms, reconnectsPerSecond: size }).exactOptional(),
  logged: basisPoints.exactOptional(),
})
