import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import type { Abortable } from '../../../core/clock.ts'
import { Problem, type ProblemJson } from '../../../core/problem.ts'
import { isNobodyThere } from '../../../lib/nobody-there.ts'
import type { ProxyStatus } from '../../../proxy/proxy-status.ts'

export interface Call {
  readonly method: 'GET' | 'PUT' | 'DELETE' | 'POST'
  readonly path: string
  readonly body?: unknown
}

/**
 * Asks the proxy over its control socket and resolves with its answer. Rejects with the Problem the proxy answered, and
 * with the system's error (see `isNobodyThere`) when no proxy is there.
 */
export async function ask(
  socketPath: string,
  call: Call,
  { signal }: Abortable = {},
): Promise<unknown> {
  const { method, path } = call
  const asked = request({ socketPath, method, path, agent: false, ...(signal && { signal }) })
  asked.end(call.body === undefined ? undefined : JSON.stringify(call.body))
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const answer = await json(response)
  if (response.statusCode === 200) return answer
  const { code, ...parts } = answer as ProblemJson
  throw new Problem(code, parts)
}

/** What the proxy says of itself; `undefined` when none runs. */
export async function statusOf(
  socketPath: string,
  abortable?: Abortable,
): Promise<ProxyStatus | undefined> {
  const call = { method: 'GET', path: '/status' } as const
  return (await unlessGone(ask(socketPath, call, abortable))) as ProxyStatus | undefined
}

/** The answer; `undefined` when no proxy is there to give one. */
export async function unlessGone(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer
  } catch (error) {
    if (isNobodyThere(error)) return undefined
    throw error
  }
}
