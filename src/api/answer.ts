import type { Context } from 'hono'
import { stream } from 'hono/streaming'
import type { z } from 'zod'
import { Problem } from '../core/problem.ts'

/** Reads a JSON body against its schema. Throws `request-invalid` with every fault and where it is. */
export async function bodyOf<T>(context: Context, schema: z.ZodType<T>): Promise<T> {
  const text = await context.req.text()
  const parsed = schema.safeParse(jsonIn(text))
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`,
  )
  throw new Problem('request-invalid', {
    message: `the request's body is not what this verb takes: ${faults.join('; ')}`,
    hint: 'Is the command line of the same version as the controller? `midflight status` tells.',
    data: { faults },
  })
}

function jsonIn(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch (error) {
    throw new Problem('request-invalid', {
      message: 'the request’s body is not JSON',
      hint: 'Send application/json.',
      cause: error,
    })
  }
}

/** Streams values as lines of JSON until they end or the client leaves. */
export function lines<T>(
  context: Context,
  values: (signal: AbortSignal) => AsyncIterable<T>,
): Response {
  context.header('content-type', 'application/x-ndjson')
  return stream(context, async (out) => {
    const gone = new AbortController()
    out.onAbort(() => {
      gone.abort()
    })
    for await (const value of values(gone.signal)) {
      if (gone.signal.aborted) return
      await out.writeln(JSON.stringify(value))
    }
  })
}

const STATUS: Readonly<Record<string, 401 | 404 | 409 | 500>> = {
  unauthorized: 401,
  'service-unknown': 404,
  'release-unknown': 404,
  'rollout-unknown': 404,
  'group-unknown': 404,
  'no-rollout': 409,
  'rollout-running': 409,
  'group-running': 409,
  'release-exists': 409,
  unexpected: 500,
}

/** A Problem as it crosses the API. Anything else is a defect of ours: its details stay in the log. */
export function refusal(context: Context, error: unknown, log: (error: unknown) => void): Response {
  if (error instanceof Problem)
    return context.json({ problem: error.toJSON() }, STATUS[error.code] ?? 422)
  log(error)
  const problem = new Problem('unexpected', {
    message: 'the controller failed in a way it should not',
    hint: 'Its log holds the details (controller.log in the state directory); please report them.',
  })
  return context.json({ problem: problem.toJSON() }, 500)
}
