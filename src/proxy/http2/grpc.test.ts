import { once } from 'node:events'
import type { ServerHttp2Stream } from 'node:http2'
import { describe, expect, it } from 'vitest'
import { h2Ask, h2Client } from '../../../test/support/h2-client.ts'
import { h2Instance } from '../../../test/support/h2-instance.ts'
import { h2Plane } from '../../../test/support/h2-plane.ts'
import { until } from '../../../test/support/until.ts'

const CALL = {
  ':method': 'POST',
  ':path': '/shop.Cart/Watch',
  'content-type': 'application/grpc+proto',
  te: 'trailers',
}

/** A message of gRPC: not compressed, its length, and its bytes. */
function message(text: string): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(text.length, 1)
  return Buffer.concat([head, Buffer.from(text)])
}

function answerCall(stream: ServerHttp2Stream, status: string): void {
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc+proto' },
    { waitForTrailers: true },
  )
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status }))
}

describe('gRPC through the proxy', () => {
  it('streams both ways at once, and ends with its status', async () => {
    const { port, heads } = await h2Instance((stream) => {
      answerCall(stream, '0')
      stream.on('data', (bytes: Buffer) =>
        stream.write(message(`got ${bytes.subarray(5).toString()}`)),
      )
      stream.on('end', () => stream.end())
    })
    const plane = await h2Plane([port], { protocol: 'http2' })
    const client = await h2Client(plane.port)
    const call = client.request({ ...CALL, 'grpc-timeout': '250m' })
    for (const word of ['one', 'two', 'three']) {
      call.write(message(word))
      const [bytes] = (await once(call, 'data')) as [Buffer]
      expect(bytes).toEqual(message(`got ${word}`))
    }
    const trailed = once(call, 'trailers')
    call.end()
    expect((await trailed)[0]).toMatchObject({ 'grpc-status': '0' })
    expect(heads[0]).toMatchObject({ te: 'trailers', 'grpc-timeout': '250m' })
    await once(call, 'close')
    await until(
      async () => plane.tally().running[0]?.requests,
      (running) => running === 0,
    )
  })

  it('passes on an answer that is all trailers', async () => {
    const { port } = await h2Instance((stream) => {
      const head = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '5' }
      stream.respond({ ...head, 'grpc-message': 'no such cart' }, { endStream: true })
    })
    const plane = await h2Plane([port], { protocol: 'http2' })
    const { headers } = await h2Ask(await h2Client(plane.port), CALL, message('x'))
    expect(headers).toMatchObject({ 'grpc-status': '5', 'grpc-message': 'no such cart' })
    expect(headers['content-length']).toBeUndefined()
  })

  it('keeps its trailers when it is paced and logged', async () => {
    const { port } = await h2Instance((stream) => {
      answerCall(stream, '3')
      stream.end(message('no'))
    })
    const plane = await h2Plane([port], {
      protocol: 'http2',
      limits: { bytesPerSecond: 10 },
      traffic: { logged: 10_000, assets: ['/shop.Cart/'] },
    })
    const { trailers } = await h2Ask(await h2Client(plane.port), CALL, message('x'))
    expect(trailers).toMatchObject({ 'grpc-status': '3' })
    await until(
      async () => plane.records.length,
      (count) => count === 1,
    )
    expect(plane.records[0]).toMatchObject({ protocol: 'HTTP/2', status: 200, end: 'complete' })
  })

  it('ends an instance’s stream when the client cancels its call', async () => {
    let cancelled = false
    const { port, heads } = await h2Instance((stream) => {
      answerCall(stream, '0')
      stream.on('aborted', () => (cancelled = true))
    })
    const plane = await h2Plane([port], { protocol: 'http2' })
    const client = await h2Client(plane.port)
    const call = client.request(CALL)
    call.write(message('x'))
    await until(
      async () => heads.length,
      (count) => count === 1,
    )
    call.close(8)
    await until(async () => cancelled, Boolean)
  })

  it('is told UNAVAILABLE as gRPC tells it when nobody is ready', async () => {
    const plane = await h2Plane([], { limits: { holdMs: 0, holdRequests: 0 } })
    const answer = await h2Ask(await h2Client(plane.port), CALL, message('x'))
    expect(answer).toMatchObject({ status: 200, body: '' })
    expect(answer.headers).toMatchObject({
      'grpc-status': '14',
      'content-type': 'application/grpc',
    })
  })

  it('tells other clients the status of HTTP', async () => {
    const plane = await h2Plane([], { limits: { holdMs: 0, holdRequests: 0 } })
    const answer = await h2Ask(await h2Client(plane.port), { ':path': '/' })
    expect(answer).toMatchObject({ status: 503 })
    expect(answer.body).toContain('no instance of the application can take it now')
  })
})
