import { z } from 'zod'
import { MAIL_ADDRESS, type NotifySpec, type Occasion } from '../core/notify-spec.ts'
import { text } from './scalar-schema.ts'

const OCCASIONS = ['begun', 'paused', 'promoted', 'undone', 'stuck'] as const satisfies Occasion[]
const WORDS = 'begun, paused, promoted, undone or stuck'
const WAYS = ['webhook', 'slack', 'email'] as const
/** Needed with one way, and meant for no other. */
const OF_EMAIL = ['from', 'server', 'tls'] as const

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

const EMAIL = 'must be an address such as ops@shop.example'
const address = z
  .string({ error: EMAIL })
  .refine((written) => MAIL_ADDRESS.test(written), { error: EMAIL })

const SERVER = 'must be a URL such as smtps://user:password@mail.example:465'
const server = z.string({ error: SERVER }).refine(isMailServer, { error: SERVER })

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
      email: z
        .union(
          [
            address.transform((one) => [one]),
            z.array(address).min(1, { error: `${EMAIL}, or a list of them` }),
          ],
          {
            error: `${EMAIL}, or a list of them`,
          },
        )
        .optional()
        .describe('Who gets a mail')
        .meta({ examples: ['ops@shop.example'] }),
      from: address
        .optional()
        .describe('The address that mail comes from')
        .meta({ examples: ['midflight@shop.example'] }),
      server: server
        .optional()
        .describe('The mail server: `smtps://`, or `smtp://` with STARTTLS')
        .meta({ examples: ['${SMTP_URL}'] }),
      tls: z
        .enum(['required', 'off'], { error: 'must be required or off' })
        .optional()
        .describe(
          'Whether `smtp://` may do without STARTTLS. `required` unless the server is this machine',
        ),
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
  .refine((file) => file.email !== undefined || OF_EMAIL.every((key) => file[key] === undefined), {
    error: `can have ${OF_EMAIL.join(', ')} only with email`,
  })
  .refine((file) => file.email === undefined || (file.from && file.server), {
    error: 'must have from and server with email',
  })
  .transform(({ webhook = '', slack, secret, email, on: occasions, ...mail }): NotifySpec => {
    if (slack !== undefined) return { by: 'slack', url: slack, on: occasions }
    if (email !== undefined) {
      const { from = '', server: handedTo = '', tls } = mail
      const how = tls === undefined ? {} : { tls }
      return { by: 'email', to: email, from, server: handedTo, ...how, on: occasions }
    }
    const signed = secret === undefined ? {} : { secret }
    return { by: 'webhook', url: webhook, ...signed, on: occasions }
  })

/** Who is told of rollouts. */
export const notifySchema: z.ZodType<readonly NotifySpec[]> = z.array(recipient, {
  error: 'must be a list such as [{ slack: ${SLACK_URL} }]',
})

/** A host and whom to log in as, and nothing else: options in a URL would be settings that nobody looks at. */
function isMailServer(written: string): boolean {
  const url = URL.parse(written)
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '') return false
  const isBare = !/[^/]/.test(url.pathname) && url.search === '' && url.hash === ''
  return isBare && (url.username !== '' || url.password === '') && isDecodable(url)
}

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password)
    return true
  } catch (error) {
    // A % that is meant as itself is written %25 (RFC 3986 §2.4).
    if (error instanceof URIError) return false
    throw error
  }
}
