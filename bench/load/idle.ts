import { connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'

/**
 * Connections that were used once and then idle, as a process: `node idle.ts PORT COUNT`. Prints `idle N` when so many
 * were answered 200 and are open, and holds them until its standard input ends. From several loopback addresses, since
 * one has too few ports.
 */
const PER_ADDRESS = 5_000
const AT_ONCE = 100
const PATIENCE_MS = 5_000

const [port, count] = process.argv.slice(2).map(Number)
const sockets = new Set<Socket>()
for (let from = 0; from < (count ?? 0); from += AT_ONCE)
  await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => openOne(from + at)))
process.stdout.write(`idle ${sockets.size}\n`)
process.stdin.resume().once('end', () => process.exit(0))

async function openOne(index: number): Promise<void> {
  const localAddress = `127.0.0.${2 + Math.floor(index / PER_ADDRESS)}`
  const socket = connect({ host: '127.0.0.1', port: port ?? 0, localAddress })
  const { promise: answered, resolve } = Promise.withResolvers<boolean>()
  socket.on('error', () => resolve(false))
  socket.on('close', () => sockets.delete(socket))
  socket.once('data', (head: Buffer) => resolve(head.toString('latin1', 9, 12) === '200'))
  socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
  if (await Promise.race([answered, setTimeout(PATIENCE_MS, false)])) sockets.add(socket)
  else socket.destroy()
}
