import { once } from 'node:events'
import { createServer as createHttp1Server } from 'node:http'
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { ReadySpec } from '../../core/service.ts'
import { checkHealth } from './health-check.ts'

const open: (() => unknown)[] = []

afterEach(() => {
  for (const close of open.splice(0)) close()
})

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(() => server.close())
  return (server.address() as AddressInfo).port
}

async function http2Server(
  script: (stream: ServerHttp2Stream, fields: IncomingHttpHeaders) => void,
): Promise<number> {
  const server = createServer()
  server.on('stream', script)
  server.on('session', (session) => open.push(() => session.destroy()))
  return await listening(server)
}

/** A server of gRPC that answers each call with this message, and these trailers. */
async function grpcServer(message: readonly number[], status = '0'): Promise<number> {
  return await http2Server((stream) => {
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc' },
      { waitForTrailers: true },
    )
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status }))
    stream.end(Buffer.from([0, 0, 0, 0, message.length, ...message]))
  })
}

const ready = (check: ReadySpec['check'], timeoutMs: number): ReadySpec => ({
  ...(check && { check }),
  path: '/up',
  timeoutMs,
  intervalMs: 1,
  up: 1,
  down: 1,
  startupMs: 1,
})

function checkAt(port: number, check?: ReadySpec['check'], timeoutMs = 2_000) {
  const address = { host: '127.0.0.1', port }
  return checkHealth({ service: 'shop', address, protocol: 'http2' }, ready(check, timeoutMs))
}

describe('a health check of an instance that speaks HTTP/2', () => {
  it('asks for the path over HTTP/2, with the service as its authority', async () => {
    let heard: IncomingHttpHeaders = {}
    const port = await http2Server((stream, fields) => {
      heard = fields
      stream.respond({ ':status': 204 }, { endStream: true })
    })
    expect(await checkAt(port)).toEqual({ good: true })
    expect(heard).toMatchObject({ ':path': '/up', ':authority': 'shop', ':method': 'GET' })
  })

  it('tells what it answered', async () => {
    const port = await http2Server((stream) =>
      stream.respond({ ':status': 503 }, { endStream: true }),
    )
    expect(await checkAt(port)).toEqual({ good: false, reason: 'answered 503 on GET /up' })
  })

  it('is bad when the connection is cut, or no answer comes', async () => {
    const cut = await http2Server((stream) => stream.session?.destroy())
    expect(await checkAt(cut)).toMatchObject({ good: false })
    const mute = await http2Server(() => undefined)
    expect(await checkAt(mute, 'http', 50)).toEqual({
      good: false,
      reason: 'no answer within 50ms',
    })
  })

  it('is bad when the instance speaks HTTP/1 only, or nothing anybody knows', async () => {
    const old = await listening(createHttp1Server((_, response) => response.end()))
    expect(await checkAt(old)).toMatchObject({ good: false })
    const strange = createTcpServer((socket) =>
      socket.on('error', () => undefined).end('hello\r\n'),
    )
    expect(await checkAt(await listening(strange))).toMatchObject({ good: false })
  })
})

describe('a health check by gRPC', () => {
  it('is good when the server says that it is serving', async () => {
    expect(await checkAt(await grpcServer([0x08, 1]), 'grpc')).toEqual({ good: true })
  })

  it('asks the standard service for the whole server', async () => {
    const asked: Buffer[] = []
    const port = await http2Server((stream, fields) => {
      stream.on('data', (bytes: Buffer) => asked.push(bytes))
      stream.on('end', () => {
        asked.push(Buffer.from(String(fields[':path'])))
        stream.respond({ ':status': 200, 'grpc-status': '12' }, { endStream: true })
      })
    })
    expect(await checkAt(port, 'grpc')).toEqual({
      good: false,
      reason: 'has no grpc.health.v1.Health service',
    })
    expect(Buffer.concat(asked).toString()).toBe('\0\0\0\0\0/grpc.health.v1.Health/Check')
  })

  it.each([
    [[0x08, 2], 'answered NOT_SERVING on /grpc.health.v1.Health/Check'],
    [[0x08, 3], 'answered SERVICE_UNKNOWN on /grpc.health.v1.Health/Check'],
    [[], 'answered UNKNOWN on /grpc.health.v1.Health/Check'],
    [[0x08, 9], 'answered no HealthCheckResponse on /grpc.health.v1.Health/Check'],
    [[0x10, 1], 'answered no HealthCheckResponse on /grpc.health.v1.Health/Check'],
  ])('is bad for the message %j', async (message, reason) => {
    expect(await checkAt(await grpcServer(message), 'grpc')).toEqual({ good: false, reason })
  })

  it('is bad when the call fails, whatever its message says', async () => {
    expect(await checkAt(await grpcServer([0x08, 1], '14'), 'grpc')).toEqual({
      good: false,
      reason: 'answered gRPC status 14 on /grpc.health.v1.Health/Check',
    })
  })
})
