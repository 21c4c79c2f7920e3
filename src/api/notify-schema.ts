import { z } from 'zod'
import type { NotifySpec } from '../core/notify-spec.ts'

const on = z.array(z.enum(['begun', 'paused', 'promoted', 'undone', 'stuck'])).min(1)
const url = z.string().regex(/^https?:\/\//)

/** Who is told of rollouts, as it crosses the API. */
export const notifySchema: z.ZodType<NotifySpec> = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('webhook'), url, secret: z.string().exactOptional(), on }),
  z.strictObject({ by: z.literal('slack'), url, on }),
])
