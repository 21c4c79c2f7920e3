/** What an instant query came to. */
export type Reading =
  | { readonly kind: 'value'; readonly value: number }
  /** `what`: in words, why that is no single number. */
  | { readonly kind: 'nothing'; readonly what: string }

interface Reply {
  readonly status?: unknown
  readonly error?: unknown
  readonly data?: { readonly resultType?: unknown; readonly result?: unknown } | null
}

/** Reads an answer of Prometheus' HTTP API, `/api/v1/query` (https://prometheus.io/docs/prometheus/latest/querying/api/). */
export function readingIn(body: string): Reading {
  const reply = replyIn(body)
  if (!reply) return nothing('not what Prometheus answers')
  if (reply.status !== 'success') return nothing(`the query failed: ${String(reply.error)}`)
  const { resultType, result } = reply.data ?? {}
  if (resultType === 'scalar') return numberIn(result)
  if (resultType !== 'vector' || !Array.isArray(result))
    return nothing(`the query gives a ${String(resultType)}, not a number`)
  if (result.length === 0) return nothing('the query found nothing')
  if (result.length > 1)
    return nothing(`the query found ${result.length} series: make it one, with sum() perhaps`)
  const [series] = result as [{ readonly value?: unknown } | null]
  return numberIn(series?.value)
}

/** A time and a value: values come as text, so that they can be `NaN` and `+Inf`. */
function numberIn(sample: unknown): Reading {
  const text: unknown = Array.isArray(sample) ? sample[1] : undefined
  if (text === '+Inf' || text === '-Inf')
    return { kind: 'value', value: text === '+Inf' ? Infinity : -Infinity }
  const value = typeof text === 'string' && text.trim() !== '' ? Number(text) : NaN
  return Number.isNaN(value) ? nothing(`the query is ${String(text)}`) : { kind: 'value', value }
}

function replyIn(body: string): Reply | undefined {
  try {
    const parsed: unknown = JSON.parse(body)
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function nothing(what: string): Reading {
  return { kind: 'nothing', what }
}
