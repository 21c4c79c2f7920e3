import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Address } from '../../core/address.ts'
import { checkHealth } from './health-check.ts'

describe('a health check', () => {
  const server = createServer((request, response) => {
    heard = request.headers
    if (request.url === '/never') return
    if (request.url === '/cut') return void response.destroy()
    response.writeHead(Number(request.url?.slice(1))).end()
  })
  let address: Address
  let heard: IncomingHttpHeaders
  const check = (path: string, timeoutMs = 2_000) =>
    checkHealth('shop', address, {
      path,
      timeoutMs,
      intervalMs: 1,
      up: 1,
      down: 1,
      startupMs: 1,
    })

  beforeEach(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  it('is good for 200 to 399 and bad for anything else, in words', async () => {
    expect(await check('/200')).toEqual({ good: true })
    expect(await check('/302')).toEqual({ good: true })
    expect(await check('/404')).toEqual({ good: false, reason: 'answered 404 on GET /404' })
    expect(await check('/503')).toEqual({ good: false, reason: 'answered 503 on GET /503' })
  })

  it('names the service as its host', async () => {
    await check('/200')
    expect(heard.host).toBe('shop')
  })

  it('is bad when no answer comes in time', async () => {
    expect(await check('/never', 50)).toEqual({ good: false, reason: 'no answer within 50ms' })
  })

  it('is bad when the connection is cut or refused', async () => {
    const reason = 'connection closed without an answer'
    expect(await check('/cut')).toEqual({ good: false, reason })
    server.close()
    await once(server, 'close')
    expect(await check('/200')).toEqual({ good: false, reason: 'connection refused' })
  })
})
