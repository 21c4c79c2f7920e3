import { createServer, type Socket } from 'node:net'

/**
 * Answers with its name, `process.argv[2]`, and a little later says what nobody asked for on the idle connection.
 * `/large` is a quarter of a gigabyte. Remembers all that it was sent, and how many connections that had asked for
 * `/through` are closed: it was seen through on those.
 */
const name = process.argv[2] ?? ''
const LARGE = 256 * 1024 * 1024
const answer = (body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`
let received = ''
let seenThrough = 0

const server = createServer({ noDelay: true }, (socket) => {
  let pending = ''
  socket.on('error', () => undefined)
  socket.on('data', (bytes) => {
    const text = bytes.toString('latin1')
    received += text
    pending += text
    if (!pending.includes('\r\n\r\n')) return
    if (pending.startsWith('GET /through ')) socket.once('close', () => (seenThrough += 1))
    if (pending.startsWith('GET /large ')) large(socket)
    else {
      socket.write(answer(name))
      setTimeout(() => socket.write(answer('evil')), Math.random() * 4)
    }
    pending = ''
  })
})

function large(socket: Socket): void {
  const bytes = Buffer.alloc(65_536)
  let left = LARGE / bytes.length
  const more = (): void => {
    while (left > 0 && !socket.destroyed) {
      left -= 1
      if (!socket.write(bytes)) return void socket.once('drain', more)
    }
  }
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${LARGE}\r\n\r\n`)
  more()
}

process.on('message', () => process.send?.({ received, seenThrough }))
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.send?.(address.port)
})
