import { createServer, type Socket } from 'node:net'

/**
 * Answers at once, and closes each connection that is idle after a random time between 0 and `process.argv[2]`
 * milliseconds. Remembers how often it read each id.
 */
const mostMs = Number(process.argv[2] ?? 2)
const read: Record<string, number> = {}
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

const server = createServer({ noDelay: true }, (socket) => {
  let pending = ''
  let closing: NodeJS.Timeout | undefined
  socket.on('error', () => undefined)
  socket.on('data', (bytes) => {
    clearTimeout(closing)
    pending += bytes.toString('latin1')
    const end = pending.indexOf('\r\n\r\n')
    if (end < 0) return
    const id = /^x-id: (.*)$/im.exec(pending)?.[1] ?? ''
    const length = Number(/^content-length: (\d+)$/im.exec(pending)?.[1] ?? 0)
    if (pending.length < end + 4 + length) return
    pending = pending.slice(end + 4 + length)
    read[id] = (read[id] ?? 0) + 1
    socket.write(OK)
    closing = setTimeout(() => close(socket), Math.random() * mostMs)
  })
})

/** With bytes that it has not read the system sends a reset, as it does for a server that is busy. */
function close(socket: Socket): void {
  if (Math.random() < 0.5) socket.destroy()
  else socket.end()
}

process.on('message', () => process.send?.(read))
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.send?.(address.port)
})
