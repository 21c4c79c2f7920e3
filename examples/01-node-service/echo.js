import { createHash } from 'node:crypto'

const TEXT = 0x1
const CLOSE = 0x8
const PING = 0x9
const PONG = 0xa

/** Answers a WebSocket handshake (RFC 6455) and sends every message back. Messages come in one frame each. */
export function echo(request, socket, version) {
  const key = request.headers['sec-websocket-key']
  if (!key)
    return socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
  const accept = createHash('sha1')
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  socket.setNoDelay(true)
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${accept}\r\nX-Version: ${version}\r\n\r\n`,
  )
  let bytes = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk])
    for (let frame = decode(bytes); frame; frame = decode(bytes)) {
      bytes = bytes.subarray(frame.size)
      answer(socket, frame)
    }
  })
}

/** The close frame of a server that goes away (1001): a client may connect again at once. */
export function goAway(socket) {
  socket.end(encode(CLOSE, Buffer.from([0x03, 0xe9])))
}

function answer(socket, frame) {
  if (frame.opcode === CLOSE) socket.end(encode(CLOSE, frame.payload.subarray(0, 2)))
  else if (frame.opcode === PING) socket.write(encode(PONG, frame.payload))
  else if (frame.opcode <= 0x2) socket.write(encode(frame.opcode || TEXT, frame.payload))
}

function encode(opcode, payload) {
  const head = payload.length < 126 ? Buffer.alloc(2) : Buffer.alloc(4)
  head[0] = 0x80 | opcode
  head[1] = Math.min(payload.length, 126)
  if (payload.length >= 126) head.writeUInt16BE(payload.length, 2)
  return Buffer.concat([head, payload])
}

/** A client's frame, unmasked; nothing while it is incomplete. Payloads up to 64 KiB. */
function decode(bytes) {
  if (bytes.length < 6) return undefined
  const short = bytes[1] & 0x7f
  const start = short === 126 ? 8 : 6
  if (bytes.length < start) return undefined
  const length = short === 126 ? bytes.readUInt16BE(2) : short
  if (bytes.length < start + length) return undefined
  const mask = bytes.subarray(start - 4, start)
  const payload = Buffer.from(bytes.subarray(start, start + length))
  for (let at = 0; at < length; at += 1) payload[at] ^= mask[at % 4]
  return { opcode: bytes[0] & 0x0f, payload, size: start + length }
}
