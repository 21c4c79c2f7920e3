import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { RouteInstance } from '../../src/core/route.ts'

/** An instance that answers `ok`, counts the bytes of what is sent to it, and echoes what comes after an upgrade. */
export interface BusyInstance {
  readonly routed: RouteInstance
  /** Bytes of bodies that have come so far. */
  received(): number
  close(): Promise<void>
}

export async function busyInstance(): Promise<BusyInstance> {
  const sockets = new Set<Socket>()
  let received = 0
  const server = createServer((asked, answer) => {
    let bytes = 0
    asked.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      received += chunk.length
    })
    asked.on('end', () => answer.end(asked.method === 'POST' ? `got ${bytes}` : 'ok'))
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
  })
  server.on('upgrade', (_, socket) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    )
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    routed: {
      id: 'shop.v1.0',
      release: 'v1',
      address: { host: '127.0.0.1', port },
      state: 'serving',
      generation: `busy-${port}`,
    },
    received: () => received,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
