import { createServer, type Socket } from 'node:net'

/**
 * An instance, as a process: `node sink.ts PORT`. It reads a request's whole body before it answers 200, and on a
 * WebSocket sends back what comes, as it comes. It believes what it reads: only a proxy's well-formed requests get here.
 */
const HEAD_END = Buffer.from('\r\n\r\n')
const OK = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
const SWITCHING = Buffer.from(
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    // The answer to the key that the bench's clients send (RFC 6455 §1.3).
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
)

createServer({ noDelay: true }, serve).listen(Number(process.argv[2]), '127.0.0.1')

function serve(socket: Socket): void {
  let missing = 0
  let head: Buffer = Buffer.alloc(0)
  let echoes = false
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    if (echoes) return void socket.write(unmasked(chunk))
    if (missing > 0) return count(chunk)
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
    const end = head.indexOf(HEAD_END)
    if (end < 0) return
    const text = head.toString('latin1', 0, end)
    const rest = head.subarray(end + HEAD_END.length)
    head = Buffer.alloc(0)
    if (/^upgrade: websocket/im.test(text)) {
      echoes = true
      return void socket.write(SWITCHING)
    }
    missing = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0)
    if (/^transfer-encoding:/im.test(text)) return chunked(rest)
    if (missing === 0) socket.write(OK)
    else count(rest)
  })

  const count = (bytes: Buffer): void => {
    missing -= bytes.length
    if (missing === 0) socket.write(OK)
  }

  /** A proxy may turn a body with a length into chunks; the last one ends it. */
  const chunked = (first: Buffer): void => {
    const last = Buffer.from('0\r\n\r\n')
    let tail: Buffer = Buffer.alloc(0)
    missing = Infinity
    const look = (bytes: Buffer): void => {
      tail = Buffer.concat([tail, bytes.subarray(-last.length)]).subarray(-last.length)
      if (!tail.equals(last)) return
      socket.off('data', look)
      missing = 0
      socket.write(OK)
    }
    socket.on('data', look)
    look(first)
  }
}

/** The clients' frames carry at most 125 bytes and are masked (RFC 6455 §5.3); a server's are not. */
function unmasked(chunk: Buffer): Buffer {
  const frames: Buffer[] = []
  for (let at = 0; at + 6 <= chunk.length;) {
    const length = (chunk[at + 1] ?? 0) & 0x7f
    const frame = Buffer.allocUnsafe(2 + length)
    frame[0] = chunk[at] ?? 0
    frame[1] = length
    for (let byte = 0; byte < length; byte += 1)
      frame[2 + byte] = (chunk[at + 6 + byte] ?? 0) ^ (chunk[at + 2 + (byte % 4)] ?? 0)
    frames.push(frame)
    at += 6 + length
  }
  return Buffer.concat(frames)
}
