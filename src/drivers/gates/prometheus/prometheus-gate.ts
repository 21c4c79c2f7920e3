import type { Answer, Gate, Occasion } from '../../../core/asking.ts'
import type { PrometheusQuestion } from '../../../core/gate.ts'
import { foreignText } from '../../../lib/foreign-text.ts'
import { type Received, sendGuarded } from '../../../lib/send-guarded.ts'
import { within } from '../../../lib/within.ts'
import { type Reading, readingIn } from './reading.ts'

const MOST_BYTES = 1_048_576

/** The value of an instant query, which must not be below `min` or above `max`. Anything but one number is no answer. */
export const prometheusGate: Gate<PrometheusQuestion> = {
  ask: async (question, occasion, { timeoutMs, signal }) => {
    const { url, headers } = question
    const host = new URL(url).host
    return within<Answer>(
      { ms: timeoutMs, signal, late: none(`${host} was silent for ${timeoutMs ?? 0} ms`) },
      async (limited) => {
        const sending = {
          method: 'GET',
          url: queryUrl(question, occasion),
          headers: { ...headers, accept: 'application/json' },
          mostBytes: MOST_BYTES,
        } as const
        return answerOf(await sendGuarded(sending, limited), question)
      },
    )
  },
}

/** `{{service}}`, `{{release}}` and `{{from}}` stand for their names. */
function queryUrl({ url, query }: PrometheusQuestion, { release, from = '' }: Occasion): string {
  const full = new URL(url)
  full.pathname = `${full.pathname.replace(/\/$/, '')}/api/v1/query`
  const filled = query
    .replaceAll('{{service}}', release.service)
    .replaceAll('{{release}}', release.id)
    .replaceAll('{{from}}', from)
  full.searchParams.set('query', filled)
  return full.href
}

function answerOf(received: Received, question: PrometheusQuestion): Answer {
  const { host, username, password, search } = new URL(question.url)
  if (received.kind === 'failure') return none(`${host}: ${received.why}`)
  const reading = readingIn(received.body)
  if (reading.kind === 'value' && received.status === 200) return judged(reading, question)
  const secrets = [username, password, search, ...Object.values(question.headers)]
  const what = reading.kind === 'value' ? '' : `: ${foreignText(reading.what, secrets)}`
  return none(`${host} answered ${received.status}${what}`)
}

function judged(
  { value }: Extract<Reading, { kind: 'value' }>,
  question: PrometheusQuestion,
): Answer {
  const { min = -Infinity, max = Infinity } = question
  if (value > max) return { kind: 'no', why: `the query is ${value}, more than ${max}` }
  if (value < min) return { kind: 'no', why: `the query is ${value}, less than ${min}` }
  return { kind: 'yes', note: `the query is ${value}` }
}

function none(why: string): Answer {
  return { kind: 'none', why }
}
