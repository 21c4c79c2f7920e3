import { once } from 'node:events'
import { constants } from 'node:http2'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { h2Ask, h2Client } from '../../../test/support/h2-client.ts'
import { h2Instance } from '../../../test/support/h2-instance.ts'
import { h2Plane } from '../../../test/support/h2-plane.ts'
import { until } from '../../../test/support/until.ts'

const POST = { ':method': 'POST', ':path': '/' }

describe('a session with an instance', () => {
  it('that refuses a stream costs nothing: a POST is asked elsewhere, its body with it', async () => {
    const refusing = await h2Instance((stream) => {
      stream.on('data', () => undefined)
      stream.on('end', () => stream.close(constants.NGHTTP2_REFUSED_STREAM))
    })
    const taking = await h2Instance((stream) => {
      stream.respond({ ':status': 200 })
      stream.pipe(stream)
    })
    const plane = await h2Plane([refusing.port, taking.port], { protocol: 'http2' })
    const client = await h2Client(plane.port)
    for (let asked = 0; asked < 10; asked += 1) {
      expect(await h2Ask(client, POST, `number ${asked}`)).toMatchObject({
        body: `number ${asked}`,
      })
    }
    expect(refusing.heads.length).toBeGreaterThan(0)
    expect(plane.tally().counts['v1']).toMatchObject({ failed: 0 })
  })

  it('that always refuses is not asked for ever', async () => {
    const { port, heads } = await h2Instance((stream) =>
      stream.close(constants.NGHTTP2_REFUSED_STREAM),
    )
    const plane = await h2Plane([port], { protocol: 'http2' })
    const answer = await h2Ask(await h2Client(plane.port), { ':path': '/' })
    expect(answer.status).toBe(502)
    expect(heads.length).toBeLessThan(10)
  })

  it('that leaves serves what it has taken, and the rest goes over another', async () => {
    const instance = await h2Instance((stream, _head, count) => {
      // Says with the second stream that the first was the last it takes.
      if (count === 1) stream.session?.goaway(constants.NGHTTP2_NO_ERROR, 1)
      setImmediate(() => {
        if (stream.destroyed) return
        stream.respond({ ':status': 200 })
        stream.pipe(stream)
      })
    })
    const plane = await h2Plane([instance.port], { protocol: 'http2' })
    const client = await h2Client(plane.port)
    const asked = Array.from({ length: 20 }, (_, at) => h2Ask(client, POST, `number ${at}`))
    const answers = await Promise.all(asked)
    expect(answers.map((answer) => answer.body)).toEqual(answers.map((_, at) => `number ${at}`))
    expect(instance.sessions.length).toBeGreaterThan(1)
  })

  it('that breaks ends the answers on it, and asks again what may be asked twice', async () => {
    const instance = await h2Instance((stream, head, count) => {
      if (head[':path'] === '/begun') return stream.respond({ ':status': 200 })
      if (count <= 2) return stream.session?.destroy()
      stream.respond({ ':status': 200 })
      stream.end('again')
      return undefined
    })
    const plane = await h2Plane([instance.port], { protocol: 'http2' })
    const client = await h2Client(plane.port)
    const begun = client.request({ ':path': '/begun' })
    const broken = once(begun, 'error')
    await once(begun, 'response')
    const answer = await h2Ask(client, { ':path': '/' })
    expect(answer.body).toBe('again')
    await broken
    expect(begun.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR)
    expect(plane.tally().counts['v1']).toMatchObject({ broken: 1 })
  })

  it('that allows few streams is joined by others, and what is more waits', async () => {
    let [running, most] = [0, 0]
    const instance = await h2Instance(
      (stream) => {
        running += 1
        most = Math.max(most, running)
        setTimeout(() => {
          running -= 1
          stream.respond({ ':status': 200, 'content-length': '2' })
          stream.end('ok')
        }, 20)
      },
      { maxConcurrentStreams: 2 },
    )
    const plane = await h2Plane([instance.port], { protocol: 'http2' })
    const client = await h2Client(plane.port)
    await h2Ask(client, { ':path': '/' })
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => h2Ask(client, { ':path': '/' })),
    )
    expect(answers.every((answer) => answer.body === 'ok')).toBe(true)
    expect(instance.sessions.length).toBe(4)
    expect(most).toBeLessThanOrEqual(8)
  })

  it('carries a large answer to a slow client, and others past it', async () => {
    const instance = await h2Instance((stream, head) => {
      stream.respond({ ':status': 200 })
      stream.end(head[':path'] === '/' ? 'ok' : Buffer.alloc(300_000, 'x'))
    })
    const plane = await h2Plane([instance.port], { protocol: 'http2' })
    const [slow, quick] = [await h2Client(plane.port), await h2Client(plane.port)]
    const large = Array.from({ length: 20 }, () => slow.request({ ':path': '/large' }))
    await Promise.all(large.map((stream) => once(stream, 'response')))
    expect((await h2Ask(quick, { ':path': '/' })).body).toBe('ok')
    let total = 0
    for (const stream of large) stream.on('data', (bytes: Buffer) => (total += bytes.length))
    await Promise.all(large.map((stream) => once(stream, 'close')))
    expect(total).toBe(20 * 300_000)
  })

  it('that cannot be opened marks the instance, and that does not speak HTTP/2 is a 502', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    const nobody = await h2Plane([port], { protocol: 'http2', limits: { holdMs: 100 } })
    expect(await h2Ask(await h2Client(nobody.port), { ':path': '/' })).toMatchObject({
      status: 503,
    })

    const sockets: Socket[] = []
    const other = createServer((socket) => {
      sockets.push(socket)
      socket.on('error', () => undefined)
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    }).listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const plane = await h2Plane([(other.address() as AddressInfo).port], { protocol: 'http2' })
    expect(await h2Ask(await h2Client(plane.port), { ':path': '/' })).toMatchObject({ status: 502 })
  })

  it('ends when its instance leaves the route', async () => {
    const instance = await h2Instance((stream) => {
      stream.respond({ ':status': 200 })
      stream.end('ok')
    })
    const plane = await h2Plane([instance.port], { protocol: 'http2' })
    await h2Ask(await h2Client(plane.port), { ':path': '/' })
    plane.plane.apply([])
    await until(async () => instance.sessions.every((session) => session.destroyed), Boolean)
  })
})
