import { createServer, type AddressInfo, type Socket } from 'node:net'

/** A server that plays an instance, well or badly, by a script per connection. */
export interface RawInstance {
  readonly port: number
  /** All bytes it was sent, over all connections, in latin1. */
  received(): string
  connections(): number
  /** Of these, how many are open. */
  open(): number
  close(): Promise<void>
}

/** `script` is called with what has come on a connection since it was last answered, each time more comes. */
export async function rawInstance(
  script: (socket: Socket, received: string, connection: number) => void,
): Promise<RawInstance> {
  const sockets = new Set<Socket>()
  let received = ''
  let count = 0
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    const number = (count += 1)
    let pending = ''
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.on('end', () => socket.end())
    socket.on('data', (bytes: Buffer) => {
      received += bytes.toString('latin1')
      pending += bytes.toString('latin1')
      if (!pending.includes('\r\n\r\n')) return
      const whole = pending
      pending = ''
      script(socket, whole, number)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    received: () => received,
    connections: () => count,
    open: () => sockets.size,
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
