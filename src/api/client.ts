import { once } from 'node:events'
import { type IncomingMessage, request, type RequestOptions } from 'node:http'
import { dirname } from 'node:path'
import { Problem, type ProblemJson } from '../core/problem.ts'
import { isNobodyThere } from '../lib/nobody-there.ts'
import { stateUnreadable } from './state-unreadable.ts'

/** Where a controller listens: its unix socket, or TCP with its token. */
export type ApiTarget =
  | { readonly socketPath: string }
  | { readonly url: URL; readonly token: string | undefined }

/** Speaks to a controller. Its Problems are thrown here as they were there. */
export interface ApiClient {
  call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T>
  /** The lines of a stream, parsed. Ends when the controller ends it; rejects when the controller is gone. */
  stream<T>(path: string, signal?: AbortSignal): AsyncGenerator<T>
}

export function apiClient(target: ApiTarget): ApiClient {
  return {
    call: async <T>(method: 'GET' | 'POST', path: string, body?: unknown) => {
      const response = await send(target, { method, path }, body)
      return JSON.parse(await textOf(response, target)) as T
    },
    async *stream<T>(path: string, signal?: AbortSignal) {
      const response = await send(target, { method: 'GET', path, ...(signal && { signal }) })
      yield* linesIn<T>(response, target)
    },
  }
}

async function send(
  target: ApiTarget,
  options: RequestOptions,
  body?: unknown,
): Promise<IncomingMessage> {
  const outgoing = request({ ...options, ...addressOf(target), agent: false })
  outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  try {
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    if (response.statusCode === 200) return response
    throw await problemIn(response, target)
  } catch (error) {
    if (error instanceof Problem) throw error
    if (isNobodyThere(error)) throw gone(target, error)
    const code = (error as { code?: unknown }).code
    if ('socketPath' in target && (code === 'ENOTDIR' || code === 'EACCES'))
      throw stateUnreadable(dirname(target.socketPath), error)
    throw error
  }
}

async function* linesIn<T>(response: IncomingMessage, target: ApiTarget): AsyncGenerator<T> {
  let rest = ''
  for await (const chunk of chunksOf(response, target)) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield JSON.parse(line) as T
  }
}

async function textOf(response: IncomingMessage, target: ApiTarget): Promise<string> {
  let text = ''
  for await (const chunk of chunksOf(response, target)) text += chunk
  return text
}

/** A controller that dies ends its answer in the middle: an error, not an end. */
async function* chunksOf(response: IncomingMessage, target: ApiTarget): AsyncGenerator<string> {
  try {
    for await (const chunk of response.setEncoding('utf8')) yield String(chunk)
  } catch (error) {
    throw isNobodyThere(error) ? gone(target, error) : error
  }
}

function addressOf(target: ApiTarget): RequestOptions {
  if ('socketPath' in target) return { socketPath: target.socketPath }
  const { hostname, port } = target.url
  const headers = target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }
  return { host: hostname, port, headers }
}

async function problemIn(response: IncomingMessage, target: ApiTarget): Promise<Problem> {
  const { problem } = JSON.parse(await textOf(response, target)) as { problem: ProblemJson }
  return new Problem(problem.code, problem)
}

function gone(target: ApiTarget, cause?: unknown): Problem {
  const where = 'socketPath' in target ? target.socketPath : target.url.origin
  return new Problem('controller-missing', {
    message: `no controller answers at ${where}`,
    hint: 'Start it: midflight up --detach. A service that was released runs on without it.',
    data: { where },
    cause,
  })
}
