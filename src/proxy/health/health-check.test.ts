import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Address } from '../../core/address.ts'
import type { ReadySpec } from '../../core/service.ts'
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
  const readyAt = (path: string, timeoutMs = 2_000): ReadySpec => ({
    path,
    timeoutMs,
    intervalMs: 1,
    up: 1,
    down: 1,
    startupMs: 1,
  })
  const check = (path: string, timeoutMs?: number, how: Partial<ReadySpec> = {}) =>
    checkHealth({ service: 'shop', address }, { ...readyAt(path, timeoutMs), ...how })

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

  it('needs no more than a connection where that is what was asked for', async () => {
    expect(await check('/503', 2_000, { check: 'tcp' })).toEqual({ good: true })
    server.close()
    await once(server, 'close')
    expect(await check('/503', 2_000, { check: 'tcp' })).toMatchObject({ unreachable: true })
  })

  it('reaches a unix socket, and tells when nobody is there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'check-'))
    const path = join(folder, 'app.sock')
    const local = createServer((_, response) => response.end()).listen(path)
    await once(local, 'listening')
    const checkLocal = () => checkHealth({ service: 'shop', address: { path } }, readyAt('/'))
    expect(await checkLocal()).toEqual({ good: true })
    local.close()
    await once(local, 'close')
    const reason = 'no socket at the path in PORT'
    expect(await checkLocal()).toEqual({ good: false, reason, unreachable: true })
    await rm(folder, { recursive: true })
  })

  it('is bad when the connection is cut or refused', async () => {
    const reason = 'connection closed without an answer'
    expect(await check('/cut')).toEqual({ good: false, reason })
    server.close()
    await once(server, 'close')
    expect(await check('/200')).toEqual({
      good: false,
      reason: 'connection refused',
      unreachable: true,
    })
  })
})
