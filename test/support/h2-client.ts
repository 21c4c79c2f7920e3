import {
  connect,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

export interface H2Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly trailers: IncomingHttpHeaders
  readonly informed: readonly IncomingHttpHeaders[]
  readonly body: string
}

/** A connection that speaks HTTP/2, in the clear or over TLS. It ends with the test. */
export async function h2Client(port: number, scheme = 'http'): Promise<ClientHttp2Session> {
  const session = connect(`${scheme}://127.0.0.1:${port}`, { rejectUnauthorized: false })
  session.on('error', () => undefined)
  onTestFinished(() => session.destroy())
  await once(session, 'remoteSettings')
  return session
}

/** Asks once and resolves with the whole answer; rejects when the stream breaks. */
export async function h2Ask(
  session: ClientHttp2Session,
  fields: OutgoingHttpHeaders,
  body?: string | Buffer,
): Promise<H2Answer> {
  const stream = session.request(fields, { endStream: body === undefined })
  if (body !== undefined) stream.end(body)
  const { promise, resolve, reject } = Promise.withResolvers<H2Answer>()
  const informed: IncomingHttpHeaders[] = []
  let headers: IncomingHttpHeaders = {}
  let trailers: IncomingHttpHeaders = {}
  let text = ''
  stream.setEncoding('latin1')
  stream.on('headers', (more) => void informed.push(more))
  stream.on('response', (head) => (headers = head))
  stream.on('trailers', (more) => (trailers = more))
  stream.on('data', (bytes: string) => (text += bytes))
  stream.on('error', reject)
  stream.on('close', () => {
    if (stream.rstCode !== 0 || !stream.readableEnded) reject(new Error(`reset ${stream.rstCode}`))
    resolve({ status: Number(headers[':status']), headers, trailers, informed, body: text })
  })
  return promise
}
