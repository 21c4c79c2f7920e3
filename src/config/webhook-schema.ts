import { z } from 'zod'
import type { WebhookQuestion } from '../core/gate.ts'
import { TOKEN } from './key-schema.ts'
import { text } from './scalar-schema.ts'

/** Somebody who is asked over HTTP. */
export const url: z.ZodType<string, string> = z
  .string({ error: 'must be a URL such as https://ci.example/gate' })
  .refine((written) => /^https?:$/.test(URL.parse(written)?.protocol ?? ''), {
    error: 'must be a URL such as https://ci.example/gate',
  })

/** What is sent along: secrets, mostly. */
export const headers: z.ZodType<Readonly<Record<string, string>>> = z
  .record(
    z.string().regex(TOKEN, { error: 'must be a field name such as authorization' }),
    text('text'),
    { error: 'must be a mapping such as { authorization: "Bearer ${TOKEN}" }' },
  )
  .default({})
  .describe('Fields of the request')

const address = z.strictObject({
  url: url.describe('The URL that is asked').meta({ examples: ['https://ci.example/gate'] }),
  headers,
})

/** A server that is asked by POST: its URL, or more about it. */
export const webhook: z.ZodType<WebhookQuestion> = z
  .union([url.transform((each) => ({ url: each, headers: {} })), address], {
    error: 'must be a URL, or a mapping such as { url: https://ci.example/gate }',
  })
  .transform((each) => ({ kind: 'webhook', ...each }))
