import { z } from 'zod'
import type { NotifySpec, Occasion } from '../core/notify-spec.ts'
import { text } from './scalar-schema.ts'

const OCCASIONS = ['begun', 'paused', 'promoted', 'undone', 'stuck'] as const satisfies Occasion[]
const WORDS = 'begun, paused, promoted, undone or stuck'

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

const webhook = z
  .strictObject({
    webhook: url('https://ops.example/midflight')
      .describe('A URL that is asked with POST: the notice as JSON')
      .meta({ examples: ['https://ops.example/midflight'] }),
    secret: text('a secret such as ${WEBHOOK_SECRET}')
      .optional()
      .describe('The key that each notice is signed with, as Standard Webhooks has it')
      .meta({ examples: ['${WEBHOOK_SECRET}'] }),
    on,
  })
  .transform(({ webhook: to, secret, on: occasions }) => ({
    by: 'webhook' as const,
    url: to,
    ...(secret !== undefined && { secret }),
    on: occasions,
  }))

const slack = z
  .strictObject({
    slack: url('https://hooks.slack.com/services/T/B/X')
      .describe('The URL of an incoming webhook of Slack')
      .meta({ examples: ['${SLACK_URL}'] }),
    on,
  })
  .transform(({ slack: to, on: occasions }) => ({ by: 'slack' as const, url: to, on: occasions }))

const ERROR = 'must be a mapping such as { slack: ${SLACK_URL}, on: [undone, stuck] }'

/** Who is told of rollouts. A mapping is read by the way it names, so that its faults are told and no other's. */
export const notifySchema: z.ZodType<readonly NotifySpec[]> = z.array(
  z.union([webhook, slack], { error: ERROR }),
  { error: 'must be a list such as [{ slack: ${SLACK_URL} }]' },
)
