import { createServer } from 'node:net'

/** Answers by half, or not at all, and says so when it has; then it waits for its end. */
const ANSWERS: Readonly<Record<string, string>> = {
  '/length': 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf',
  '/chunked': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
}

const server = createServer((socket) => {
  socket.on('error', () => undefined)
  socket.on('data', (bytes) => {
    const path = bytes.toString('latin1').split(' ')[1] ?? ''
    socket.write(ANSWERS[path] ?? '', () => process.send?.(path))
  })
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.send?.(address.port)
})
