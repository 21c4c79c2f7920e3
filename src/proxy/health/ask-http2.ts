import { connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2'
import type { Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Finding } from './finding.ts'
import { ofStatus } from './of-status.ts'
import type { Question } from './question.ts'

export interface Http2Answer {
  readonly status: number
  /** Those of the head, and the trailers over them. */
  readonly fields: IncomingHttpHeaders
  readonly body: Buffer
}

/** `GET path` over HTTP/2 in the clear. */
export async function askHttp2(socket: Socket, { service, path }: Question): Promise<Finding> {
  const fields = { ':method': 'GET', ':path': path, ':authority': service }
  const { status } = await answerOver(socket, fields)
  return ofStatus(status, path)
}

/** The answer to one request, by prior knowledge (RFC 9113, 3.3). Rejects when the connection or the stream breaks. */
export async function answerOver(
  socket: Socket,
  fields: OutgoingHttpHeaders,
  body?: Buffer,
): Promise<Http2Answer> {
  const session = connect('http://instance', { createConnection: () => socket })
  const stream = session.request(
    { 'user-agent': 'midflight-health', ...fields },
    { endStream: body === undefined },
  )
  session.on('error', (error) => stream.destroy(error))
  let heard: IncomingHttpHeaders = {}
  const hear = (more: IncomingHttpHeaders): void => void (heard = { ...heard, ...more })
  stream.on('response', hear)
  stream.on('trailers', hear)
  if (body) stream.end(body)
  try {
    const content = await buffer(stream)
    return { status: Number(heard[':status']), fields: heard, body: content }
  } finally {
    session.destroy()
  }
}
