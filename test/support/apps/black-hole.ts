import { createServer } from 'node:net'

/**
 * Listens and never accepts. Once its queue is full, the system drops what comes over TCP without an answer, and says
 * `EAGAIN` on a unix socket, whose path is `process.argv[2]`.
 */
const server = createServer()
const forever = new Int32Array(new SharedArrayBuffer(4))
const path = process.argv[2]

function stop(port: number): void {
  process.send?.(port, () => Atomics.wait(forever, 0, 0))
}

if (path === undefined)
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    const address = server.address()
    stop(address && typeof address === 'object' ? address.port : 0)
  })
else server.listen({ path, backlog: 1 }, () => stop(0))
