import { timingSafeEqual, createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { Problem } from '../core/problem.ts'
import { listenPrivately } from '../lib/listen-privately.ts'
import { refusal } from './answer.ts'
import { type Host, routes } from './routes.ts'

export interface ApiAddress {
  /** The unix socket, for this user only (mode 0600). */
  readonly socketPath: string
  /** Beside it, TCP for those who know the token. */
  readonly tcp?: { readonly host: string; readonly port: number; readonly token: string }
}

export interface ApiServer {
  close(): Promise<void>
}

/** Serves the API. A socket left by a controller that died is replaced. */
export async function serveApi(host: Host, address: ApiAddress): Promise<ApiServer> {
  const app = routes(host)
  const servers = [await onSocket(app, address.socketPath)]
  if (address.tcp) servers.push(await onTcp(guarded(app, host, address.tcp.token), address.tcp))
  return {
    close: async () => {
      await Promise.all(servers.map(closed))
    },
  }
}

async function onSocket(app: Hono, path: string): Promise<Server> {
  const server = createServer(getRequestListener(app.fetch))
  await listenPrivately(server, path)
  return server
}

async function onTcp(app: Hono, { host, port }: NonNullable<ApiAddress['tcp']>): Promise<Server> {
  const server = createServer(getRequestListener(app.fetch)).listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new Problem('api-port-taken', {
      message: `the API cannot listen on ${host}:${port}: ${(error as Error).message}`,
      hint: 'Choose another port with --api HOST:PORT, or leave it out: the unix socket is always there.',
      data: { host, port },
      cause: error,
    })
  }
  return server
}

/** Everything needs the token; comparing digests takes the same time whatever was sent. */
function guarded(app: Hono, host: Host, token: string): Hono {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const wanted = digest(`Bearer ${token}`)
  const outer = new Hono()
  outer.use(async (c, next) => {
    if (timingSafeEqual(digest(c.req.header('authorization') ?? ''), wanted)) return next()
    return refusal(c, unauthorized(), host.log)
  })
  outer.route('/', app)
  return outer
}

function unauthorized(): Problem {
  return new Problem('unauthorized', {
    message: 'the API over TCP needs its token',
    hint: 'Set MIDFLIGHT_TOKEN to the controller’s token, or use the unix socket on its machine.',
  })
}

async function closed(server: Server): Promise<void> {
  const over = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await over
}
