import { connect, type Socket } from 'node:net'

/** Large bodies, one after the other, as a process: `node transfer.ts PLAN`; prints a TransferOutcome. */
export interface TransferPlan {
  readonly port: number
  readonly direction: 'download' | 'upload'
  /** What is asked for; it has so many bytes. */
  readonly path: string
  readonly bytes: number
  /** None is begun after this. */
  readonly seconds: number
}

export interface TransferOutcome {
  readonly done: number
  readonly failed: number
  readonly seconds: number
}

const HEAD_END = '\r\n\r\n'
const PIECE = Buffer.alloc(256 * 1_024)

if (import.meta.main) {
  const plan = JSON.parse(process.argv[2] ?? '') as TransferPlan
  process.stdout.write(JSON.stringify(await transfer(plan)))
}

async function transfer(plan: TransferPlan): Promise<TransferOutcome> {
  const startedAt = performance.now()
  const elapsed = () => (performance.now() - startedAt) / 1_000
  let [done, failed] = [0, 0]
  do {
    done += 1
    if (!(await once(plan))) failed += 1
  } while (elapsed() < plan.seconds)
  return { done, failed, seconds: elapsed() }
}

/** Whether it was answered 200 and whole. */
async function once({ port, direction, path, bytes }: TransferPlan): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  let head = ''
  let missing = -1
  const take = (size: number): void => {
    missing -= size
    if (missing === 0) resolve(true)
  }
  const read = (size: number, buffer: Uint8Array): boolean => {
    if (missing >= 0) take(size)
    else head += Buffer.from(buffer.buffer, 0, size).toString('latin1')
    const end = head.indexOf(HEAD_END)
    if (missing >= 0 || end < 0) return true
    if (!head.startsWith('HTTP/1.1 200 ')) resolve(false)
    missing = Number(/\r\ncontent-length: ?(\d+)/i.exec(head)?.[1] ?? 0)
    take(head.length - end - HEAD_END.length)
    return true
  }
  const onread = { buffer: Buffer.alloc(256 * 1_024), callback: read }
  const socket = connect({ port, host: '127.0.0.1', onread })
  socket.on('error', () => resolve(false))
  socket.on('close', () => resolve(false))
  const length = direction === 'upload' ? `Content-Length: ${bytes}\r\n` : ''
  const method = direction === 'upload' ? 'PUT' : 'GET'
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${length}\r\n`)
  if (direction === 'upload') void send(socket, bytes)
  const isWhole = await promise
  socket.destroy()
  return isWhole
}

async function send(socket: Socket, bytes: number): Promise<void> {
  let awake = (): void => undefined
  socket.on('drain', () => awake())
  socket.once('close', () => awake())
  for (let left = bytes; left > 0 && !socket.destroyed; left -= PIECE.length) {
    if (socket.write(left < PIECE.length ? PIECE.subarray(0, left) : PIECE)) continue
    await new Promise<void>((resolve) => {
      awake = resolve
    })
  }
}
