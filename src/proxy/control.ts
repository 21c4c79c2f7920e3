import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import type { DescribedRequest } from '../core/explanation.ts'
import { Problem } from '../core/problem.ts'
import type { Route } from '../core/route.ts'
import type { Log } from './proxy-log.ts'
import type { UpgradePlan } from './handover/heir.ts'
import type { Supervisor } from './supervisor.ts'

export interface ControlOptions {
  readonly supervisor: Supervisor
  readonly log: Log
  /** Resolves with the pid of the proxy that has taken over. */
  readonly upgrade: (plan: UpgradePlan) => Promise<number>
  /** Resolves when nobody finds this proxy here any more: before `POST /stop` is answered, so that the next one may start. */
  readonly unlist: () => Promise<void>
  /** Called when `POST /stop` is done and answered. */
  readonly onStopped: () => void
}

/**
 * How a controller talks to the proxy: JSON over HTTP. A Problem is answered as its JSON.
 *
 * - `PUT /routes/:service` with a Route: answered when every worker obeys it.
 * - `DELETE /routes/:service`
 * - `GET /routes/:service/traffic`: a Traffic.
 * - `GET /routes/:service/sights?since=N`: what changed since the reading that gave cursor N; a ServiceSights.
 * - `POST /routes/:service/explain` with a DescribedRequest: an Explanation. Nothing is sent.
 * - `GET /status`: a ProxyStatus.
 * - `POST /upgrade` with an UpgradePlan: answered `{ pid }` when a new proxy has taken over. This one then answers no
 *   more: whoever still asks it is cut off, and finds the new one at the same path.
 * - `POST /stop` with `{ drainMs }`: answered when nothing runs any more; the process ends then.
 */
export function controlServer(options: ControlOptions): Server {
  return createServer((request, response) => void answer(request, response, options))
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ControlOptions,
): Promise<void> {
  try {
    const said = await obey(request, options, response)
    if (options.supervisor.isRetired && request.url !== '/upgrade')
      return void request.socket.destroy()
    send(response, 200, said ?? {})
  } catch (error) {
    if (options.supervisor.isRetired) return void request.socket.destroy()
    const problem = error instanceof Problem ? error : unexpected(error, options.log)
    send(response, STATUS[problem.code] ?? 409, problem)
  }
}

async function obey(
  request: IncomingMessage,
  { supervisor, upgrade, unlist, onStopped }: ControlOptions,
  response: ServerResponse,
): Promise<unknown> {
  const [path = '', query = ''] = (request.url ?? '').split('?')
  const [, first, service = '', third] = path.split('/').map(decodeURIComponent)
  switch ([request.method, first, service && ':service', third].filter(Boolean).join(' ')) {
    case 'PUT routes :service':
      return await supervisor.apply(routeFor(service, await bodyOf(request)))
    case 'DELETE routes :service':
      return await supervisor.remove(service)
    case 'GET routes :service traffic':
      return supervisor.traffic(service) ?? unknown(`a service named ${service}`)
    case 'GET routes :service sights':
      return (
        supervisor.sights(service, sinceIn(query)) ??
        unknown(`answers of a service named ${service}`)
      )
    case 'POST routes :service explain':
      return (
        supervisor.explain(service, describedIn(await bodyOf(request))) ??
        unknown(`a service named ${service}`)
      )
    case 'GET status':
      return supervisor.status()
    case 'POST upgrade':
      return { pid: await upgrade(planOf(await bodyOf(request))) }
    case 'POST stop':
      await supervisor.stop(drainMsOf(await bodyOf(request)))
      await unlist()
      response.once('close', onStopped)
      return undefined
    default:
      return unknown(`${request.method} ${request.url}`)
  }
}

/** Anything else that is known is a conflict with what is: 409. */
const STATUS: Readonly<Record<string, number>> = {
  'request-faulty': 400,
  'route-faulty': 400,
  'proxy-knows-not': 404,
  'proxy-failed': 500,
  'upgrade-failed': 502,
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  try {
    return await json(request)
  } catch (error) {
    throw requestFaulty('the body is not JSON', error)
  }
}

function routeFor(service: string, body: unknown): Route {
  const route = body as Route | null
  if (route?.service !== service) throw requestFaulty(`the body is not a route of ${service}`)
  return route
}

function describedIn(body: unknown): DescribedRequest {
  const described = body as Partial<DescribedRequest> | null
  if (described?.method && described.path?.startsWith('/') && described.headers && described.client)
    return { ...described } as DescribedRequest
  throw requestFaulty('the body does not describe a request')
}

function planOf(body: unknown): UpgradePlan {
  const { node, program, withinMs, drainMs } = { ...(body as Partial<UpgradePlan> | null) }
  if (typeof node !== 'string' || typeof program !== 'string') {
    throw requestFaulty('`node` and `program` do not say what to run')
  }
  if (typeof withinMs !== 'number' || !(withinMs > 0)) {
    throw requestFaulty('`withinMs` is not a number of milliseconds')
  }
  return { node, program, withinMs, drainMs: drainMsOf({ drainMs }) }
}

function drainMsOf(body: unknown): number {
  const drainMs = (body as { readonly drainMs?: unknown } | null)?.drainMs
  if (typeof drainMs === 'number' && drainMs >= 0) return drainMs
  throw requestFaulty('`drainMs` is not a number of milliseconds')
}

function sinceIn(query: string): number {
  const since = Number(new URLSearchParams(query).get('since') ?? 0)
  if (Number.isSafeInteger(since) && since >= 0) return since
  throw requestFaulty('`since` is not a cursor')
}

function requestFaulty(message: string, cause?: unknown): Problem {
  const hint = 'The controller and the proxy may be of different versions: restart the proxy.'
  return new Problem('request-faulty', { message, hint, cause })
}

function unknown(what: string): never {
  throw new Problem('proxy-knows-not', {
    message: `the proxy does not know ${what}`,
    hint: 'Apply a route for the service first.',
  })
}

function unexpected(error: unknown, log: Log): Problem {
  const stack = error instanceof Error ? error.stack : String(error)
  log('control failed', { stack })
  return new Problem('proxy-failed', {
    message: `the proxy failed: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Its log has the whole story: proxy.log in the state directory.',
  })
}
