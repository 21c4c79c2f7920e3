import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { askHttp } from './ask-http.ts'

describe('the question for health over HTTP/1.1', () => {
  let parts: readonly string[] = []
  let heard = ''
  const server = createServer((socket) => {
    socket.setEncoding('latin1').on('error', () => undefined)
    socket.once('data', (text: string) => {
      heard = text
      void say(socket)
    })
  })

  beforeEach(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterEach(() => server.close())

  async function say(socket: Socket): Promise<void> {
    for (const part of parts) {
      socket.write(part, 'latin1')
      await new Promise((resolve) => setImmediate(resolve))
    }
    if (parts.at(-1) === '') socket.end()
  }

  async function ask(answer: readonly string[], path = '/ready') {
    parts = answer
    const { port } = server.address() as AddressInfo
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    await once(socket, 'connect')
    try {
      return await askHttp(socket, { service: 'shop', path })
    } finally {
      socket.destroy()
    }
  }

  it('names the service, and asks for no more than one answer', async () => {
    await ask(['HTTP/1.1 200 OK\r\n\r\n'])
    expect(heard).toBe(
      'GET /ready HTTP/1.1\r\nHost: shop\r\nUser-Agent: midflight-health\r\nConnection: close\r\n\r\n',
    )
  })

  it('is answered when the head is there, however it comes in pieces', async () => {
    expect(await ask(['HTTP/1.', '1 204 No', ' Content\r\nA: b\r', '\n\r', '\n'])).toEqual({
      good: true,
    })
  })

  it('waits for the answer after what is said ahead of it', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'
    expect(await ask([early, `${early}HTTP/1.1 503 No\r\n\r\n`])).toEqual({
      good: false,
      reason: 'answered 503 on GET /ready',
    })
  })

  it('is answered badly by what no request would get through either', async () => {
    const unread = {
      good: false,
      reason: 'its answer cannot be read: the status line cannot be read',
    }
    expect(await ask(['SSH-2.0-x\r\n\r\n'])).toEqual(unread)
    expect(await ask(['HTTP/1.1 200 OK\nA: b\n\n'])).toEqual({
      good: false,
      reason: 'a fault in the head of its answer: broken-line',
    })
    expect(await ask([`HTTP/1.1 200 OK\r\nA: ${'b'.repeat(70_000)}\r\n\r\n`])).toMatchObject({
      good: false,
    })
  })

  it('is answered badly by half a head', async () => {
    expect(await ask(['HTTP/1.1 200 OK\r\n', ''])).toEqual({
      good: false,
      reason: 'connection closed without an answer',
    })
  })

  it('is not asked for a path that would break the request', async () => {
    expect(await ask([], '/a b')).toMatchObject({ good: false })
  })
})
