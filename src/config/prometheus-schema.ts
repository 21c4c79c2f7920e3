import { z } from 'zod'
import type { PrometheusQuestion } from '../core/gate.ts'
import { text } from './scalar-schema.ts'
import { headers, url } from './webhook-schema.ts'

const number = z.number({ error: 'must be a number' })

/** A query, and the limits of what it may come to. */
export const prometheus: z.ZodType<PrometheusQuestion> = z
  .strictObject(
    {
      url: url
        .describe('The Prometheus server, without `/api/v1/query`')
        .meta({ examples: ['http://prometheus:9090'] }),
      headers,
      query: text('a query such as up').describe(
        'What is asked (PromQL). `{{service}}`, `{{release}}` and `{{from}}` stand for their names. Must come to one number',
      ),
      min: number.optional().describe('Less than this is no'),
      max: number.optional().describe('More than this is no'),
    },
    { error: 'must be a mapping such as { url: http://prometheus:9090, query: up, min: 1 }' },
  )
  .refine(({ min, max }) => min !== undefined || max !== undefined, {
    error: 'must have min or max, or every answer would be yes',
  })
  .transform(({ min, max, ...rest }) => ({
    kind: 'prometheus',
    ...rest,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  }))
