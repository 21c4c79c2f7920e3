import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { planeUnderTest, type PlaneUnderTest } from '../../../test/support/plane-under-test.ts'
import { rawClient } from '../../../test/support/raw-client.ts'
import { rawInstance } from '../../../test/support/raw-instance.ts'

let proxy: PlaneUnderTest
const open: (() => unknown)[] = []

beforeEach(async () => {
  proxy = await planeUnderTest()
})

afterEach(async () => {
  await proxy.close()
  for (const close of open.splice(0)) await close()
})

async function echoes(): Promise<number> {
  const http = createServer((_request, response) => response.end('plain'))
  const server = new WebSocketServer({ server: http })
  server.on('connection', (socket) => {
    socket.send('welcome')
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  open.push(() => {
    for (const socket of server.clients) socket.terminate()
    http.closeAllConnections()
    http.close()
  })
  return (http.address() as AddressInfo).port
}

function messagesOf(socket: WebSocket) {
  const messages: Buffer[] = []
  socket.on('message', (data) => messages.push(data as Buffer))
  return messages
}

const UPGRADE = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n'
const CHANGED = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n'

describe('a WebSocket', () => {
  it('carries messages both ways, large ones too, and outlives a change of the route', async () => {
    proxy.to([await echoes()])
    const socket = new WebSocket(`ws://127.0.0.1:${proxy.port}/`)
    const messages = messagesOf(socket)
    await expect.poll(() => String(messages[0])).toBe('welcome')
    proxy.route([], {})
    const large = Buffer.alloc(3_000_000, 'x')
    socket.send(large)
    await expect.poll(() => messages[1]?.equals(large)).toBe(true)
    expect(proxy.tally()).toMatchObject({
      running: [{ requests: 0, upgrades: 1 }],
      counts: { v1: { upgrades: 1, answers: [0, 1, 0, 0, 0, 0] } },
    })
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.close(1000)
    expect(await closed).toBe(1000)
    await proxy.until((tally) => tally.running.length === 0)
  })

  it('leaves with the instance that dies', async () => {
    const instance = await rawInstance((socket) => {
      socket.write(CHANGED)
      setTimeout(() => socket.resetAndDestroy(), 20)
    })
    open.push(() => instance.close())
    proxy.to([instance.port])
    const client = await rawClient(proxy.port)
    client.send(UPGRADE)
    await client.over()
    expect(client.text()).toContain('101 Switching Protocols')
    await proxy.until((tally) => tally.running[0]?.upgrades === 0)
  })
})

describe('a changed protocol', () => {
  it('starts with the bytes that came too early, from both sides, and each side ends by itself', async () => {
    const instance = await rawInstance((socket) => {
      if (socket.bytesWritten === 0) socket.write(`${CHANGED}first`)
      socket.on('data', (bytes: Buffer) => socket.write(`<${bytes.toString()}>`))
    })
    open.push(() => instance.close())
    proxy.to([instance.port])
    const client = await rawClient(proxy.port)
    client.send(`${UPGRADE}early`)
    await client.until(/\r\n\r\nfirst<early>$/)
    client.send('more')
    await client.until(/<more>$/)
    client.socket.end('last')
    await client.until(/<last>$/)
    expect(await client.over()).toBe('end')
    await proxy.until((tally) => tally.running[0]?.upgrades === 0)
  })

  it('is not begun when the instance declines: the next request is answered', async () => {
    proxy.to([await echoes()])
    const client = await rawClient(proxy.port)
    open.push(() => client.destroy())
    client.send(`${UPGRADE}GET /next HTTP/1.1\r\nHost: a\r\n\r\n`)
    const got = await client.until(/plain$/)
    expect(got).toContain('HTTP/1.1 ')
    expect(proxy.tally().counts['v1']?.upgrades).toBe(0)
  })
})
