import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import type { KeyPair } from './authority.ts'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface AnsweringServer {
  readonly port: number
  readonly url: string
  /** What it was asked so far. */
  readonly asked: Asked[]
}

/** A real server that answers as a test wants, over TLS when it has a certificate; it ends with the test. */
export async function answeringServer(
  answer: (answer: ServerResponse, asked: Asked) => void,
  certificate?: KeyPair,
): Promise<AnsweringServer> {
  const asked: Asked[] = []
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    void text(request).then((body) => {
      const { method = '', url: path = '', headers } = request
      const one = { method, path, headers, body }
      asked.push(one)
      answer(response, one)
    })
  }
  const server = certificate ? createTlsServer(certificate, listener) : createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const { port } = server.address() as AddressInfo
  return { port, url: `http${certificate ? 's' : ''}://127.0.0.1:${port}`, asked }
}
