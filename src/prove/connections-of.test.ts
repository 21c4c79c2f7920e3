import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { connectionsOf } from './connections-of.ts'

const open: { destroy(): void }[] = []
afterEach(() => open.splice(0).forEach((one) => one.destroy()))

it.runIf(process.platform === 'linux')(
  'names the local ports of those connected to a port of a process, and nobody else',
  async () => {
    const [server, other] = [await listening(), await listening()]
    const mine = [await connected(server), await connected(server)]
    await connected(other)
    const ports = await connectionsOf(process.pid, server)
    expect(ports).toEqual(new Set(mine.map((socket) => socket.localPort)))
  },
)

it('names nobody for a process that is gone', async () => {
  expect(await connectionsOf(2 ** 30, 80)).toEqual(new Set())
})

async function listening(): Promise<number> {
  const server = createServer((socket) => open.push(socket)).listen(0, '127.0.0.1')
  open.push({ destroy: () => server.close() })
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function connected(port: number): Promise<Socket> {
  const before = open.length
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  while (open.length === before) await new Promise(setImmediate)
  open.push(socket)
  return socket
}
