import { once } from 'node:events'
import { createServer as createHttp, type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocketServer } from 'ws'
import { h2Ask, h2Client } from '../../../test/support/h2-client.ts'
import { h2Plane } from '../../../test/support/h2-plane.ts'
import { rawInstance, type RawInstance } from '../../../test/support/raw-instance.ts'
import { until } from '../../../test/support/until.ts'

async function answering(text: string): Promise<RawInstance> {
  const instance = await rawInstance((socket) => socket.write(text, 'latin1'))
  onTestFinished(() => instance.close())
  return instance
}

async function serving(listener: RequestListener): Promise<number> {
  const server = createHttp(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'

describe('a client of HTTP/2', () => {
  it('is answered by an instance that speaks HTTP/1.1', async () => {
    const instance = await answering(
      OK.replace(
        '\r\n\r\n',
        '\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nConnection: x-hop\r\nX-Hop: 1\r\n\r\n',
      ),
    )
    const { port } = await h2Plane([instance.port])
    const client = await h2Client(port)
    const answer = await h2Ask(client, {
      ':path': '/x?y=1',
      cookie: ['a=1', 'b=2'],
      'x-user_id': '1',
    })
    expect(answer).toMatchObject({ status: 200, body: 'hello' })
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2'])
    expect(answer.headers['x-hop']).toBeUndefined()
    const head = instance.received()
    expect(head).toMatch(/^GET \/x\?y=1 HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n/)
    expect(head).toContain('cookie: a=1; b=2\r\n')
    expect(head).toContain('Via: 2.0 midflight\r\n')
    expect(head).not.toContain('x-user_id')
  })

  it('sends a body without a length in chunks, trailers and all', async () => {
    const { promise, resolve } = Promise.withResolvers<{ body: string; trailers: object }>()
    const { port } = await h2Plane([
      await serving((request, response) => {
        let body = ''
        request.on('data', (bytes: Buffer) => (body += bytes.toString()))
        request.on('end', () => {
          resolve({ body, trailers: request.trailers })
          response.writeHead(200, { Trailer: 'x-sum' }).write('done')
          response.addTrailers({ 'x-sum': '1' })
          response.end()
        })
      }),
    ])
    const client = await h2Client(port)
    const stream = client.request({ ':method': 'POST', ':path': '/' }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-count': '2', host: 'no' }))
    stream.write('one')
    stream.end('two')
    const told = once(stream, 'trailers')
    stream.resume()
    expect(await promise).toEqual({ body: 'onetwo', trailers: { 'x-count': '2' } })
    expect((await told)[0]).toMatchObject({ 'x-sum': '1' })
  })

  it('is told of early hints before the answer', async () => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n'
    const { port } = await h2Plane([(await answering(hints + OK)).port])
    const { informed, body } = await h2Ask(await h2Client(port), { ':path': '/' })
    expect(informed).toMatchObject([{ ':status': 103, link: '</a.css>; rel=preload' }])
    expect(body).toBe('hello')
  })

  it.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', 200],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n', 204],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', 304],
  ])('gets no body with %s and %j', async (method, text, status) => {
    const { port } = await h2Plane([(await answering(text)).port])
    const answer = await h2Ask(await h2Client(port), { ':method': method, ':path': '/' })
    expect(answer).toMatchObject({ status, body: '' })
    if (status !== 204) expect(answer.headers['content-length']).toBe('5')
  })

  it.each([
    ['a length', 'Content-Length: 10\r\n\r\nhello'],
    ['chunks', 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'],
  ])('sees a reset, never a clean end, when an answer by %s breaks off', async (_by, rest) => {
    const instance = await rawInstance((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${rest}`, () => socket.destroy())
    })
    onTestFinished(() => instance.close())
    const { port, tally } = await h2Plane([instance.port])
    const client = await h2Client(port)
    await expect(h2Ask(client, { ':path': '/' })).rejects.toThrow()
    expect(tally().counts['v1']).toMatchObject({ broken: 1 })
    expect(client.destroyed).toBe(false)
  })

  it('that resets its stream ends the request at the instance, and no other', async () => {
    const sockets: Socket[] = []
    const instance = await rawInstance((socket, head) => {
      if (head.startsWith('GET /slow')) sockets.push(socket)
      else socket.write(OK)
    })
    onTestFinished(() => instance.close())
    const { port } = await h2Plane([instance.port])
    const client = await h2Client(port)
    const slow = client.request({ ':path': '/slow' })
    slow.on('error', () => undefined)
    await until(
      async () => sockets.length,
      (count) => count === 1,
    )
    slow.close(8)
    await until(async () => sockets[0]!.closed, Boolean)
    expect((await h2Ask(client, { ':path': '/' })).body).toBe('hello')
  })

  it('that does not read is waited for, and keeps nobody else waiting', async () => {
    const size = 8_000_000
    let drained = false
    const { port } = await h2Plane([
      await serving((request, response) => {
        if (request.url === '/') return response.end('ok')
        response.on('drain', () => (drained = true))
        response.end(Buffer.alloc(size, 'x'))
        return undefined
      }),
    ])
    const client = await h2Client(port)
    const large = client.request({ ':path': '/large' })
    await once(large, 'response')
    expect((await h2Ask(client, { ':path': '/' })).body).toBe('ok')
    let total = 0
    large.on('data', (bytes: Buffer) => (total += bytes.length))
    await once(large, 'close')
    expect(total).toBe(size)
    expect(drained).toBe(false)
  })

  it('may be kept on its instance, logged and answered by the proxy like any other', async () => {
    const { port, records } = await h2Plane([(await answering(OK)).port], {
      traffic: { logged: 10_000 },
      limits: { bodyBytes: 10 },
    })
    const client = await h2Client(port)
    await h2Ask(client, { ':path': '/a?b=c' })
    const refused = await h2Ask(client, { ':method': 'POST', ':path': '/' }, 'x'.repeat(11))
    expect(refused.status).toBe(413)
    await until(
      async () => records.length,
      (count) => count === 2,
    )
    expect(records[0]).toMatchObject({ protocol: 'HTTP/2', path: '/a', status: 200, bytesOut: 5 })
    expect(records[1]).toMatchObject({
      protocol: 'HTTP/2',
      method: 'POST',
      status: 413,
      by: 'proxy',
    })
  })

  it('opens a WebSocket on one of its streams', async () => {
    const server = createHttp().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const sockets = new WebSocketServer({ server })
    onTestFinished(() => {
      sockets.close()
      server.close()
    })
    sockets.on('connection', (socket) =>
      socket.on('message', (bytes: Buffer) => socket.send(`you said ${bytes.toString()}`)),
    )
    const { port } = await h2Plane([(server.address() as AddressInfo).port])
    const client = await h2Client(port)
    expect(client.remoteSettings.enableConnectProtocol).toBe(true)
    const stream = client.request({
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':scheme': 'http',
      ':path': '/socket',
      ':authority': 'shop',
      'sec-websocket-version': '13',
    })
    const [head] = await once(stream, 'response')
    expect(head).toMatchObject({ ':status': 200 })
    // A text frame, masked with zeros.
    stream.write(Buffer.concat([Buffer.from([0x81, 0x82, 0, 0, 0, 0]), Buffer.from('hi')]))
    const [frame] = (await once(stream, 'data')) as [Buffer]
    expect(frame.subarray(2).toString()).toBe('you said hi')
    stream.close(8)
  })
})
