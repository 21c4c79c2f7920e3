import { createServer, type AddressInfo, type Socket } from 'node:net'
import { lenientServer } from './lenient-reading.ts'
import type { Message } from './reading.ts'

/** An instance that understands requests as a lenient server does, answers each, and remembers them. */
export interface RecordingInstance {
  readonly port: number
  /** The complete requests since this was called last, in their order. */
  take(): Message[]
  close(): Promise<void>
}

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'

export async function recordingInstance(): Promise<RecordingInstance> {
  const sockets = new Set<Socket>()
  let messages: Message[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    const read = lenientServer((request) => {
      messages.push(request)
      socket.write(ANSWER)
    })
    socket.on('data', read)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    take: () => {
      const taken = messages
      messages = []
      return taken
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
