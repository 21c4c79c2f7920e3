import type { Notice, Notifier } from '../../../core/notifier.ts'
import type { SlackSpec } from '../../../core/notify-spec.ts'
import { undelivered } from '../../../core/undelivered.ts'
import { postJson } from '../../../lib/post-json.ts'

const SIGNS: Readonly<Record<Notice['occasion'], string>> = {
  begun: ':airplane_departure:',
  paused: ':double_vertical_bar:',
  promoted: ':white_check_mark:',
  undone: ':leftwards_arrow_with_hook:',
  stuck: ':rotating_light:',
}

/** Posts one line to an incoming webhook of Slack (api.slack.com/messaging/webhooks). */
export const slackNotifier: Notifier<SlackSpec> = {
  send: async ({ url }, { occasion, text }, { signal = new AbortController().signal }) => {
    const body = JSON.stringify({ text: `${SIGNS[occasion]} ${escaped(text)}` })
    const reply = await postJson({ url, body }, signal)
    if (reply.kind === 'refused') throw undelivered('slack', `${reply.why}${errorIn(reply.body)}`)
  },
}

/** The three characters that Slack gives a meaning (api.slack.com/reference/surfaces/formatting#escaping). */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Slack says in one word what is wrong: `no_service`, `channel_is_archived`. Anything else is not told. */
function errorIn(body: string): string {
  return /^[a-z_]{3,60}$/.test(body.trim()) ? `: ${body.trim()}` : ''
}
