import { connect, type Socket } from 'node:net'
import type { RouteInstance } from '../../core/route.ts'
import type { ReadySpec } from '../../core/service.ts'
import { askGrpc } from './ask-grpc.ts'
import { askHttp } from './ask-http.ts'
import { askHttp2 } from './ask-http2.ts'
import { bad, type Finding, GOOD, unreachable } from './finding.ts'
import type { Ask } from './question.ts'

/** Whom to ask, and for which service. */
export type Checked = Pick<RouteInstance, 'address' | 'protocol'> & { readonly service: string }

/**
 * Asks one instance once whether it is ready, on a connection of its own, with the service's name as host. Bad when the
 * answer is not there within `ready.timeoutMs` milliseconds. Never rejects.
 */
export async function checkHealth(instance: Checked, ready: ReadySpec): Promise<Finding> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => resolve('late'), ready.timeoutMs)
  const socket = connect({ ...instance.address, noDelay: true })
  try {
    const finding = await Promise.race([find(socket, instance, ready), late])
    if (finding !== 'late') return finding
    const within = inWords(ready.timeoutMs)
    if (socket.connecting) return unreachable(`no connection within ${within}`)
    return bad(`no answer within ${within}`)
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

async function find(socket: Socket, instance: Checked, ready: ReadySpec): Promise<Finding> {
  const refused = await connected(socket)
  if (refused) return refused
  if (ready.check === 'tcp') return GOOD
  try {
    return await askFor(instance, ready)(socket, { service: instance.service, path: ready.path })
  } catch (error) {
    return bad(wordsFor(error))
  }
}

/** An instance that speaks HTTP/2 may speak nothing else. */
function askFor({ protocol }: Checked, { check }: ReadySpec): Ask {
  if (check === 'grpc') return askGrpc
  return protocol === 'http2' ? askHttp2 : askHttp
}

/** Resolves when the connection is there, or with what is to be said of an instance that takes none. */
function connected(socket: Socket): Promise<Finding | undefined> {
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(undefined))
    // Also heard after that: an error that nobody hears ends the process. Whoever asks sees the connection close.
    socket.on('error', (error) => resolve(unreachable(wordsFor(error))))
  })
}

function wordsFor(error: unknown): string {
  switch ((error as { code?: unknown }).code) {
    case 'ECONNREFUSED':
      return 'connection refused'
    case 'ENOENT':
      return 'no socket at the path in PORT'
    case 'ERR_HTTP2_ERROR':
      return 'does not speak HTTP/2'
    case 'ECONNRESET':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return 'connection closed without an answer'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'host not reachable'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}

function inWords(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`
}
