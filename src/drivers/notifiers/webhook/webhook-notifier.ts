import { createHmac } from 'node:crypto'
import type { Clock } from '../../../core/clock.ts'
import type { Notice, Notifier } from '../../../core/notifier.ts'
import type { WebhookSpec } from '../../../core/notify-spec.ts'
import { undelivered } from '../../../core/undelivered.ts'
import { postJson } from '../../../lib/post-json.ts'

/** Posts the notice as it is, with the fields of Standard Webhooks 1.0 (standardwebhooks.com) so that it can be verified. */
export function webhookNotifier(clock: Pick<Clock, 'now'>): Notifier<WebhookSpec> {
  return {
    send: async (spec, notice, { signal = new AbortController().signal }) => {
      const body = JSON.stringify(notice)
      const headers = signed(spec, notice, { body, second: Math.floor(clock.now() / 1_000) })
      const reply = await postJson({ url: spec.url, headers, body }, signal)
      if (reply.kind === 'refused') throw undelivered('webhook', reply.why)
    },
  }
}

function signed(
  { secret }: WebhookSpec,
  { id }: Notice,
  { body, second }: { readonly body: string; readonly second: number },
): Record<string, string> {
  const fields = { 'webhook-id': id, 'webhook-timestamp': String(second) }
  if (secret === undefined) return fields
  const digest = createHmac('sha256', keyIn(secret)).update(`${id}.${second}.${body}`)
  return { ...fields, 'webhook-signature': `v1,${digest.digest('base64')}` }
}

/** Standard Webhooks writes keys as `whsec_` and base64; anything else is taken as it is. */
function keyIn(secret: string): Buffer {
  const PREFIX = 'whsec_'
  return secret.startsWith(PREFIX)
    ? Buffer.from(secret.slice(PREFIX.length), 'base64')
    : Buffer.from(secret)
}
