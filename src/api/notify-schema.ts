import { z } from 'zod'
import { MAIL_ADDRESS, type NotifySpec } from '../core/notify-spec.ts'

const on = z.array(z.enum(['begun', 'paused', 'promoted', 'undone', 'stuck'])).min(1)
const address = z.string().regex(MAIL_ADDRESS)
const url = z.string().regex(/^https?:\/\//)

/** Who is told of rollouts, as it crosses the API. */
export const notifySchema: z.ZodType<NotifySpec> = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('webhook'), url, secret: z.string().exactOptional(), on }),
  z.strictObject({ by: z.literal('slack'), url, on }),
  z.strictObject({
    by: z.literal('email'),
    to: z.array(address).min(1),
    from: address,
    server: z.string().regex(/^smtps?:\/\//),
    tls: z.enum(['required', 'off']).exactOptional(),
    on,
  }),
])
