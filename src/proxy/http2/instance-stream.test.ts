import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { h2Ask, h2Client } from '../../../test/support/h2-client.ts'
import { h2Instance } from '../../../test/support/h2-instance.ts'
import { h2Plane } from '../../../test/support/h2-plane.ts'

const TRAILED = { waitForTrailers: true }

describe('an instance that speaks HTTP/2', () => {
  it('answers clients of HTTP/2, its trailers behind the body', async () => {
    const { port, heads } = await h2Instance((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, TRAILED)
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
      stream.pipe(stream)
    })
    const plane = await h2Plane([port], { protocol: 'http2' })
    const client = await h2Client(plane.port)
    const fields = { ':method': 'POST', ':path': '/a.B/C', te: 'trailers', 'grpc-timeout': '5S' }
    const answer = await h2Ask(client, fields, 'ping')
    expect(answer).toMatchObject({ status: 200, body: 'ping', trailers: { 'grpc-status': '0' } })
    expect(heads[0]).toMatchObject({ te: 'trailers', 'grpc-timeout': '5S', ':path': '/a.B/C' })
  })

  it('answers clients of HTTP/1.1, its trailers behind the last chunk', async () => {
    const { port } = await h2Instance((stream) => {
      stream.respond({ ':status': 200 }, TRAILED)
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': 'abc' }))
      stream.pipe(stream)
    })
    const plane = await h2Plane([port], { protocol: 'http2' })
    const sent = request({ port: plane.port, method: 'POST', path: '/up' })
    sent.end('x'.repeat(100_000))
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    expect(await text(answer)).toBe('x'.repeat(100_000))
    expect(answer.trailers).toEqual({ 'x-sum': 'abc' })
  })

  it('is asked over one connection however many requests run', async () => {
    const { port, sessions } = await h2Instance((stream) => {
      stream.respond({ ':status': 200, 'content-length': '2' })
      stream.end('ok')
    })
    const plane = await h2Plane([port], { protocol: 'http2' })
    const client = await h2Client(plane.port)
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => h2Ask(client, { ':path': '/' })),
    )
    expect(answers.every((answer) => answer.body === 'ok')).toBe(true)
    expect(sessions.length).toBe(1)
    expect(plane.tally().counts['v1']).toMatchObject({ requests: 50 })
  })
})
