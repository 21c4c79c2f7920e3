import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import type { SlackSpec, WebhookSpec } from '../../src/core/notify-spec.ts'
import { slackNotifier } from '../../src/drivers/notifiers/slack/slack-notifier.ts'
import { webhookNotifier } from '../../src/drivers/notifiers/webhook/webhook-notifier.ts'
import { freePort } from '../../src/lib/free-port.ts'
import { type AnsweringServer, answeringServer } from '../support/answering-server.ts'
import { itIsANotifier, notice, SECRET } from './notifier.ts'

const clock = { now: () => 1_790_000_123_456 }
const on = ['undone'] as const

/** Real servers of the usual kinds, for whoever speaks HTTP. */
function overHttp<Spec>(specFor: (url: string) => Spec) {
  const at = ({ url }: Pick<AnsweringServer, 'url'>) => specFor(`${url}/${SECRET}?key=${SECRET}`)
  const refusing =
    (status: number, fields: Record<string, string> = {}) =>
    async () =>
      at(
        await answeringServer((answer, asked) => {
          answer.writeHead(status, fields).end(`${asked.path} ${asked.body}`)
        }),
      )
  return {
    takes: async () => {
      const server = await answeringServer((answer) => answer.end('ok'))
      return { spec: at(server), got: () => server.asked[0]?.body ?? '' }
    },
    refuses: {
      'it was refused': refusing(400),
      'nobody is known there': refusing(404),
      'the other side is broken': refusing(503),
      'it is sent elsewhere with a GET': refusing(302, { location: 'http://127.0.0.1:1/' }),
      'it is sent elsewhere without TLS': refusing(308, { location: 'ftp://127.0.0.1/' }),
      'nobody listens': async () => at({ url: `http://127.0.0.1:${await freePort()}` }),
      'the connection breaks': async () =>
        at(await answeringServer((answer) => answer.socket?.destroy())),
    },
    silent: async () => at(await answeringServer(() => undefined)),
  }
}

itIsANotifier('a webhook', {
  notifier: webhookNotifier(clock),
  ...overHttp((url): WebhookSpec => ({ by: 'webhook', url, secret: SECRET, on })),
})

itIsANotifier('Slack', {
  notifier: slackNotifier,
  ...overHttp((url): SlackSpec => ({ by: 'slack', url, on })),
})

it('posts to a webhook the whole notice, signed so that the other side can verify it', async () => {
  const { url, asked } = await answeringServer((answer) => answer.writeHead(204).end())
  const secret = `whsec_${Buffer.from('key of the hook').toString('base64')}`
  await webhookNotifier(clock).send({ by: 'webhook', url, secret, on }, notice, {})
  const [request] = asked
  expect(JSON.parse(request?.body ?? '')).toEqual(notice)
  const signed = `shop-7-undone.1790000123.${request?.body ?? ''}`
  const signature = createHmac('sha256', 'key of the hook').update(signed).digest('base64')
  expect(request).toMatchObject({
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': 'shop-7-undone',
      'webhook-timestamp': '1790000123',
      'webhook-signature': `v1,${signature}`,
    },
  })
})

it('gives Slack one line that it takes for nothing but words', async () => {
  const { url, asked } = await answeringServer((answer) => answer.end('ok'))
  await slackNotifier.send({ by: 'slack', url, on }, notice, {})
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
    text: ':leftwards_arrow_with_hook: shop: rollout 7 to v2 was taken back: &lt;5 of 40&gt; &amp; more',
  })
})

it('tells the word by which Slack says what is wrong', async () => {
  const { url } = await answeringServer((answer) => answer.writeHead(404).end('no_service'))
  await expect(slackNotifier.send({ by: 'slack', url, on }, notice, {})).rejects.toThrow(
    /^a notice by slack was not taken: 127\.0\.0\.1:\d+ answered 404: no_service$/,
  )
})
