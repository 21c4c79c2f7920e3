import { z } from 'zod'
import { ALL } from '../core/names.ts'
import type { JudgeFile } from './service-file.ts'
import { share, truth } from './scalar-schema.ts'

const LATENCY = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const

const on = z.strictObject({
  errors: truth().default(true).describe('Compares errors: 5xx, and answers that were owed'),
  refusals: truth().default(true).describe('Compares refusals: 4xx'),
  latency: z
    .enum(['p50', 'p90', 'p95', 'p99'], { error: 'must be p50, p90, p95 or p99' })
    .transform((name) => LATENCY[name])
    .optional()
    .describe('Compares answers that come later than this share of the old release’s'),
  crashes: z
    .enum(['any', 'compared'], { error: 'must be any or compared' })
    .default('any')
    .describe(
      'Of the new release’s instances, `any` that ends by itself is a reason to take it back; `compared`: only when they end more often than the old one’s',
    ),
  memory: truth()
    .default(true)
    .describe(
      'Takes a release back whose instances grow until memory, file descriptors or the time for a health check are used up',
    ),
  confidence: share({ from: 9000, to: ALL - 1 })
    .prefault('99.9%')
    .describe('Of releases that are no worse, at least this share is not taken back'),
  early: truth()
    .default(false)
    .describe('Ends a hold as soon as the new release is surely not much worse'),
  inconclusive: z
    .enum(['go-on', 'hold', 'undo'], { error: 'must be go-on, hold or undo' })
    .default('go-on')
    .describe('What to do when a hold is over and nothing is certain; `hold` waits on'),
})

/** The judge that compares the new release with the old one, answer by answer; `false`: only the plain limits hold. */
export const judgeSchema: z.ZodType<JudgeFile> = z
  .union([z.literal(false), on], {
    error: 'must be false, or a mapping such as { latency: p95, confidence: 99.9% }',
  })
  .prefault({})
  .describe('Compares the new release with the old one, and takes it back when it is surely worse')
