import {
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server of HTTP/2 in the clear that plays an instance, by a script per stream. */
export interface H2Instance {
  readonly port: number
  readonly sessions: readonly ServerHttp2Session[]
  readonly heads: readonly IncomingHttpHeaders[]
}

/** It ends with the test. */
export async function h2Instance(
  script: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, count: number) => void,
  settings: { readonly maxConcurrentStreams?: number } = {},
): Promise<H2Instance> {
  const sessions: ServerHttp2Session[] = []
  const heads: IncomingHttpHeaders[] = []
  const server = createServer({ settings })
  server.on('session', (session) => {
    sessions.push(session)
    session.on('error', () => undefined)
  })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    heads.push(headers)
    script(stream, headers, heads.length)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    for (const session of sessions) session.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return { port: (server.address() as AddressInfo).port, sessions, heads }
}
