import { createServer } from 'node:net'

/** Reads a request to its end, whatever its body, and breaks the connection. Remembers how many it has read. */
let read = 0

const server = createServer((socket) => {
  let head = ''
  let left = Infinity
  socket.on('error', () => undefined)
  socket.on('data', (bytes) => {
    if (left === Infinity) {
      head += bytes.toString('latin1')
      const end = head.indexOf('\r\n\r\n') + 4
      if (end < 4) return
      left = end + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0) - head.length
    } else left -= bytes.length
    if (left > 0) return
    read += 1
    socket.resetAndDestroy()
  })
})

process.on('message', () => process.send?.(read))
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.send?.(address.port)
})
