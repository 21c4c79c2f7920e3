import { createServer, request, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { planeUnderTest, type PlaneUnderTest } from '../../../test/support/plane-under-test.ts'
import { rawClient } from '../../../test/support/raw-client.ts'

const open: (() => unknown)[] = []

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

async function instance(listener: RequestListener): Promise<number> {
  const server: Server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

async function planeTo(...listeners: RequestListener[]): Promise<PlaneUnderTest> {
  const proxy = await planeUnderTest()
  open.push(() => proxy.close())
  proxy.to(await Promise.all(listeners.map(instance)))
  return proxy
}

async function clientOf(proxy: PlaneUnderTest) {
  const client = await rawClient(proxy.port)
  open.push(() => client.destroy())
  return client
}

describe('a request through the plane', () => {
  it('reaches an instance and brings its answer back', async () => {
    const proxy = await planeTo((req, res) => res.end(`${req.method} ${req.url}`))
    const response = await fetch(`http://127.0.0.1:${proxy.port}/a?b=c`)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('GET /a?b=c')
    expect(proxy.tally().counts['v1']).toMatchObject({ requests: 1, answers: [0, 0, 1, 0, 0, 0] })
  })

  it('tells the instance who asked, whatever the client claims', async () => {
    const proxy = await planeTo((req, res) => res.end(JSON.stringify(req.headers)))
    const headers = { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https', te: 'trailers' }
    const response = await fetch(`http://127.0.0.1:${proxy.port}/`, { headers })
    expect(await response.json()).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': `127.0.0.1:${proxy.port}`,
    })
  })

  it('carries a body with its length, and one in chunks', async () => {
    const proxy = await planeTo((req, res) => void text(req).then((body) => res.end(body)))
    const url = `http://127.0.0.1:${proxy.port}/`
    expect(await (await fetch(url, { method: 'POST', body: 'hello' })).text()).toBe('hello')
    const body = new Blob(['in ', 'chunks']).stream()
    const chunked = await fetch(url, { method: 'POST', body, duplex: 'half' })
    expect(await chunked.text()).toBe('in chunks')
  })

  it('gets no body back for HEAD, 204 and 304', async () => {
    const proxy = await planeTo((req, res) => {
      res.statusCode = Number(req.url?.slice(1))
      res.setHeader('content-length', req.method === 'HEAD' ? 5 : 0)
      res.end()
    })
    const client = await clientOf(proxy)
    client.send('HEAD /200 HTTP/1.1\r\nHost: a\r\n\r\nGET /204 HTTP/1.1\r\nHost: a\r\n\r\n')
    client.send('GET /304 HTTP/1.1\r\nHost: a\r\n\r\nGET /201 HTTP/1.1\r\nHost: a\r\n\r\n')
    const got = await client.until(/ 201 Created[^]*\r\n\r\n/)
    expect(got.match(/^HTTP\/1\.1 \d+/gm)).toEqual([
      'HTTP/1.1 200',
      'HTTP/1.1 204',
      'HTTP/1.1 304',
      'HTTP/1.1 201',
    ])
    expect(got).toContain('Content-Length: 5')
  })

  it('answers pipelined requests in their order', async () => {
    const proxy = await planeTo((req, res) => {
      setTimeout(() => res.end(`<${req.url}>`), req.url === '/1' ? 30 : 0)
    })
    const client = await clientOf(proxy)
    client.send([1, 2, 3].map((n) => `GET /${n} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''))
    const got = await client.until(/<\/3>/)
    expect(got.match(/<.*?>/g)).toEqual(['</1>', '</2>', '</3>'])
  })

  it('uses one connection to the instance again and again', async () => {
    const ports = new Set<number | undefined>()
    const proxy = await planeTo((req, res) => {
      ports.add(req.socket.remotePort)
      res.end('ok')
    })
    for (let count = 0; count < 5; count += 1)
      await (await fetch(`http://127.0.0.1:${proxy.port}/`)).text()
    expect(ports.size).toBe(1)
  })

  it('waits for a client that reads slowly instead of buffering', async () => {
    let written = 0
    let before = 0
    let got = 0
    const settled = () => written > 0 && before === (before = written)
    const size = 40 * 1024 * 1024
    const proxy = await planeTo((_req, res) => {
      res.setHeader('content-length', size)
      const part = Buffer.alloc(65_536)
      const more = () => {
        while (written < size) {
          written += part.length
          if (!res.write(part)) return void res.once('drain', more)
        }
        res.end()
      }
      more()
    })
    const client = await clientOf(proxy)
    client.socket.pause()
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await expect.poll(() => settled(), { interval: 30 }).toBe(true)
    expect(written).toBeLessThan(size / 2)
    client.socket.removeAllListeners('data')
    client.socket.on('data', (bytes: Buffer) => (got += bytes.length))
    client.socket.resume()
    await expect.poll(() => got, { interval: 5 }).toBeGreaterThan(size)
    expect(written).toBe(size)
  })

  it('makes an upload wait for an instance that reads slowly, and loses no byte of it', async () => {
    const gate = Promise.withResolvers<void>()
    const proxy = await planeTo((req, res) => {
      void gate.promise.then(async () => {
        let bytes = 0
        for await (const chunk of req) bytes += (chunk as Buffer).length
        res.end(String(bytes))
      })
    })
    const size = 30 * 1024 * 1024
    const answer = Promise.withResolvers<string>()
    const upload = request(
      { port: proxy.port, host: '127.0.0.1', method: 'POST', headers: { 'content-length': size } },
      (response) => void text(response).then(answer.resolve),
    )
    upload.end(Buffer.alloc(size))
    await proxy.until((tally) => tally.running[0]?.requests === 1)
    expect(upload.socket?.writableLength).toBeGreaterThan(0)
    gate.resolve()
    expect(await answer.promise).toBe(String(size))
  })

  it('passes on 100 Continue before the body is sent', async () => {
    const proxy = await planeTo((req, res) => void text(req).then((body) => res.end(`<${body}>`)))
    const client = await clientOf(proxy)
    client.send('PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n')
    await client.until(/HTTP\/1\.1 100 Continue\r\n\r\n/)
    client.send('hi')
    expect(await client.until(/<hi>/)).toContain('HTTP/1.1 200 OK')
  })

  it('gives an HTTP/1.0 client the content of chunks, and the end of the connection as the end', async () => {
    const proxy = await planeTo((_req, res) => {
      res.write('one ')
      setTimeout(() => res.end('two'), 5)
    })
    const client = await clientOf(proxy)
    client.send('GET / HTTP/1.0\r\n\r\n')
    expect(await client.over()).toBe('end')
    expect(client.text()).toMatch(/Connection: close\r\n\r\none two$/)
    expect(client.text()).not.toContain('Transfer-Encoding')
  })
})
