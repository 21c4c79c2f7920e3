import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** An instance that answers with the hash of the body it got; `/hang` it never answers. */
export interface HashingInstance {
  readonly port: number
  /** Of the requests it got whole, in their order. */
  readonly whole: readonly IncomingHttpHeaders[]
  /** Bytes of bodies so far, and how many bodies broke off. */
  readonly seen: { bytes: number; broken: number }
  /** Breaks all its connections and accepts no more, as when its process is killed. */
  kill(): Promise<void>
}

export async function hashingInstance(): Promise<HashingInstance> {
  const sockets = new Set<Socket>()
  const whole: IncomingHttpHeaders[] = []
  const seen = { bytes: 0, broken: 0 }
  const server = createServer((request, response) => {
    const hash = createHash('sha256')
    request.on('data', (bytes: Buffer) => {
      seen.bytes += bytes.length
      hash.update(bytes)
    })
    request.on('error', () => (seen.broken += 1))
    request.on('end', () => {
      whole.push(request.headers)
      if (request.url !== '/hang') response.end(hash.digest('hex'))
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    whole,
    seen,
    kill: () => {
      for (const socket of sockets) socket.resetAndDestroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

export function hashOfBody(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex')
}
