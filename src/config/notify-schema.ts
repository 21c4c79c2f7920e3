import { z } from 'zod'
import type { NotifySpec, Occasion } from '../core/notify-spec.ts'
import { text } from './scalar-schema.ts'

const OCCASIONS = ['begun', 'paused', 'promoted', 'undone', 'stuck'] as const satisfies Occasion[]
const WORDS = 'begun, paused, promoted, undone or stuck'
const WAYS = ['webhook', 'slack'] as const

const on = z
  .array(z.enum(OCCASIONS, { error: `must be ${WORDS}` }), {
    error: 'must be a list such as [undone, stuck]',
  })
  .min(1, { error: 'must be a list of at least one such as [undone, stuck]' })
  .default(['paused', 'promoted', 'undone', 'stuck'])
  .describe(`What is told: ${WORDS}`)
  .meta({ examples: [['undone', 'stuck']] })

const url = (example: string) =>
  z
    .string({ error: `must be a URL such as ${example}` })
    .refine((written) => /^https?:$/.test(URL.parse(written)?.protocol ?? ''), {
      error: `must be a URL such as ${example}`,
    })

const recipient = z
  .strictObject(
    {
      webhook: url('https://ops.example/midflight')
        .optional()
        .describe('A URL that is asked with POST: the notice as JSON')
        .meta({ examples: ['https://ops.example/midflight'] }),
      secret: text('a secret such as ${WEBHOOK_SECRET}')
        .optional()
        .describe('The key that each notice to a webhook is signed with')
        .meta({ examples: ['${WEBHOOK_SECRET}'] }),
      slack: url('https://hooks.slack.com/services/T/B/X')
        .optional()
        .describe('The URL of an incoming webhook of Slack')
        .meta({ examples: ['${SLACK_URL}'] }),
      on,
    },
    { error: 'must be a mapping such as { slack: ${SLACK_URL}, on: [undone, stuck] }' },
  )
  .refine((file) => WAYS.filter((way) => file[way] !== undefined).length === 1, {
    error: `must have one of ${WAYS.join(', ')}`,
  })
  .refine((file) => file.secret === undefined || file.webhook !== undefined, {
    path: ['secret'],
    error: 'can only be given for a webhook',
  })
  .transform(({ webhook = '', slack, secret, on: occasions }): NotifySpec => {
    if (slack !== undefined) return { by: 'slack', url: slack, on: occasions }
    const signed = secret === undefined ? {} : { secret }
    return { by: 'webhook', url: webhook, ...signed, on: occasions }
  })

/** Who is told of rollouts. */
export const notifySchema: z.ZodType<readonly NotifySpec[]> = z.array(recipient, {
  error: 'must be a list such as [{ slack: ${SLACK_URL} }]',
})
