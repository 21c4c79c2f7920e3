import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export const FRAME = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const

export const END_STREAM = 1
export const END_HEADERS = 4

export interface Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer | string = '',
): Buffer {
  const body = Buffer.from(payload)
  const head = Buffer.alloc(9)
  head.writeUIntBE(body.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, body])
}

/** Fields by HPACK, each literal and without an index (RFC 7541 §6.2.2): what is written is what is sent. */
export function fields(...pairs: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat(
    pairs.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]),
  )
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1')
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes])
  const rest: number[] = [127]
  let left = bytes.length - 127
  for (; left >= 128; left = Math.floor(left / 128)) rest.push((left % 128) + 128)
  return Buffer.concat([Buffer.from([...rest, left]), bytes])
}

/** A GET of `/`, as its fields. */
export const GET: Buffer = fields(
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'shop'],
)

/** A client that says frame by frame what it likes. */
export interface FrameClient {
  readonly frames: readonly Frame[]
  send(...frames: readonly Buffer[]): void
  /** The first frame that is so, when it has come; `undefined` when the connection is closed before. */
  frame(wanted: (frame: Frame) => boolean): Promise<Frame | undefined>
  readonly closed: Promise<unknown>
}

/** It has said the preface and its settings. It ends with the test. */
export async function frameClient(port: number): Promise<FrameClient> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await once(socket, 'connect')
  const frames = framesOf(socket)
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  socket.write(frame(FRAME.settings, 0, 0))
  return {
    frames,
    closed,
    send: (...all) => {
      if (socket.writable) socket.write(Buffer.concat(all))
    },
    frame: async (wanted) => {
      for (;;) {
        const found = frames.find(wanted)
        if (found || socket.destroyed) return found
        await Promise.race([once(socket, 'data'), closed])
      }
    },
  }
}

function framesOf(socket: Socket): Frame[] {
  const frames: Frame[] = []
  let came = Buffer.alloc(0)
  socket.on('data', (bytes: Buffer) => {
    came = Buffer.concat([came, bytes])
    while (came.length >= 9 && came.length >= 9 + came.readUIntBE(0, 3)) {
      const end = 9 + came.readUIntBE(0, 3)
      const [type = 0, flags = 0] = [came[3], came[4]]
      frames.push({ type, flags, stream: came.readUInt32BE(5), payload: came.subarray(9, end) })
      came = came.subarray(end)
    }
  })
  return frames
}
