import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Session } from './call.ts'
import { startLoad } from './load.ts'
import { WebSocketSession } from './websocket.ts'

const servers: WebSocketServer[] = []
afterEach(() => servers.splice(0).forEach((server) => server.close()))

const session: Session = { kind: 'websocket', path: '/ws', lastsMs: 250, talk: 'echo' }
const echo = (socket: WebSocket) =>
  socket.on('message', (data, binary) => socket.send(data, { binary }))

describe('a WebSocket session', () => {
  it('that ends with our close handshake is closed', async () => {
    expect(await endOf(echo)).toMatchObject({ kind: 'closed', by: 'us' })
  })

  it('that the server ends because it goes away is closed', async () => {
    for (const code of [1001, 1012]) {
      expect(await endOf((socket) => socket.close(code))).toMatchObject({
        kind: 'closed',
        by: 'server',
      })
    }
  })

  it('that the server ends for another reason is cut', async () => {
    const end = await endOf((socket) => socket.close(1011))
    expect(end).toMatchObject({ kind: 'cut', reason: 'the server closed with code 1011' })
  })

  it('whose connection breaks is cut', async () => {
    const end = await endOf((socket) => socket.once('message', () => socket.terminate()))
    expect(end).toMatchObject({ kind: 'cut', reason: 'closed without a close frame' })
  })

  it('that gets another message back is cut', async () => {
    const end = await endOf((socket) => socket.on('message', () => socket.send('something else')))
    expect(end).toMatchObject({ kind: 'cut' })
  })

  it('that gets nothing back is cut', async () => {
    expect(await endOf(() => {})).toMatchObject({ kind: 'cut' })
  })

  it('that is only held open needs no answer', async () => {
    expect(await endOf(() => {}, { ...session, talk: 'silent' })).toMatchObject({ kind: 'closed' })
  })

  it('answers a ping', async () => {
    const pong = Promise.withResolvers<void>()
    const end = await endOf((socket) => {
      echo(socket)
      socket.once('pong', () => pong.resolve())
      socket.ping()
    })
    await pong.promise
    expect(end.kind).toBe('closed')
  })
})

it('a load counts the sessions opened and cut, and excuses the severed', async () => {
  let count = 0
  const severed = new Set<number>()
  const port = await serve((socket, remotePort) => {
    count += 1
    if (count === 1) severed.add(remotePort)
    if (count < 3) socket.once('message', () => socket.terminate())
    else echo(socket)
  })
  const mix = [{ perSecond: 100, make: () => session }]
  const load = startLoad({ host: '127.0.0.1', port }, { mix, total: 4 })
  while (severed.size === 0) await new Promise(setImmediate)
  load.sever(severed)
  const { websockets, failed, requests, severed: excused } = await load.done
  expect({ websockets, failed, requests }).toEqual({
    websockets: { opened: 4, cut: 1 },
    failed: 0,
    requests: 4,
  })
  expect(excused).toEqual({ requests: 0, websockets: 1 })
})

async function endOf(serveOne: (socket: WebSocket) => void, wanted = session) {
  const port = await serve(serveOne)
  return new WebSocketSession({ host: '127.0.0.1', port }, wanted, 400).ended
}

async function serve(one: (socket: WebSocket, remotePort: number) => void): Promise<number> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  servers.push(server)
  server.on('connection', (socket, request) => one(socket, request.socket.remotePort ?? 0))
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
