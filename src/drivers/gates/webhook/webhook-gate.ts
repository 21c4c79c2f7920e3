import type { Answer, Gate, Occasion } from '../../../core/asking.ts'
import type { WebhookQuestion } from '../../../core/gate.ts'
import { foreignText } from '../../../lib/foreign-text.ts'
import { type Received, sendGuarded } from '../../../lib/send-guarded.ts'
import { within } from '../../../lib/within.ts'

const MOST_BYTES = 65_536

/** Somebody who has said that it is not the time to ask (RFC 9110 §15.5.9, RFC 6585 §4) has not answered. */
const NOT_NOW = [408, 425, 429]

/**
 * A server that is told of the rollout by POST, and answers with its status: 2xx is yes, 4xx is no, all else no answer. With
 * 2xx the body may say `{"verdict": "no", "why": "…"}`.
 */
export const webhookGate: Gate<WebhookQuestion> = {
  ask: async (question, occasion, { timeoutMs, signal }) => {
    const host = new URL(question.url).host
    return within<Answer>(
      { ms: timeoutMs, signal, late: none(`${host} was silent for ${timeoutMs ?? 0} ms`) },
      async (limited) => {
        const received = await sendGuarded(sendingOf(question, occasion), limited)
        return answerOf(received, host, secretsOf(question))
      },
    )
  },
}

function sendingOf({ url, headers }: WebhookQuestion, occasion: Occasion) {
  const { release, from, rollout, step } = occasion
  return {
    method: 'POST',
    url,
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ service: release.service, release: release.id, from, rollout, step }),
    mostBytes: MOST_BYTES,
  } as const
}

function answerOf(received: Received, host: string, secrets: readonly string[]): Answer {
  if (received.kind === 'failure') return none(`${host}: ${received.why}`)
  const { status, body } = received
  const told = foreignText(wordsIn(body), secrets)
  const words = `${host} answered ${status}${told && `: ${told}`}`
  if (status >= 400 && status < 500 && !NOT_NOW.includes(status)) return { kind: 'no', why: words }
  if (status < 200 || status > 299) return none(words)
  switch (verdictIn(body)) {
    case 'yes':
      return { kind: 'yes', ...(told !== '' && { note: told }) }
    case 'no':
      return { kind: 'no', why: told || words }
    default:
      return none(`${host} answered what is neither yes nor no: ${foreignText(body, secrets)}`)
  }
}

/** Who says nothing in the body has said it with the status. `undefined`: what it says is no verdict. */
function verdictIn(body: string): 'yes' | 'no' | undefined {
  if (!body.trimStart().startsWith('{')) return 'yes'
  const verdict = fieldsIn(body)?.['verdict']
  if (verdict === 'yes' || verdict === 'no') return verdict
  return fieldsIn(body) !== undefined && verdict === undefined ? 'yes' : undefined
}

function wordsIn(body: string): string {
  const why = fieldsIn(body)?.['why']
  return typeof why === 'string' ? why : ''
}

function fieldsIn(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined
    return parsed as Readonly<Record<string, unknown>>
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function secretsOf({ url, headers }: WebhookQuestion): string[] {
  const { pathname, search, username, password } = new URL(url)
  return [url, pathname, search, username, password, ...Object.values(headers)]
}

function none(why: string): Answer {
  return { kind: 'none', why }
}
