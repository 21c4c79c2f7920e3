import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { LimitSpec } from '../../core/service.ts'
import { planeUnderTest, type PlaneUnderTest } from '../../../test/support/plane-under-test.ts'
import { type RawClient, rawClient } from '../../../test/support/raw-client.ts'
import { rawInstance, type RawInstance } from '../../../test/support/raw-instance.ts'

const open: (() => unknown)[] = []
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

async function instance(script: Parameters<typeof rawInstance>[0]): Promise<RawInstance> {
  const made = await rawInstance(script)
  open.push(() => made.close())
  return made
}

async function planeWith(
  limits: Partial<LimitSpec>,
  script: Parameters<typeof rawInstance>[0] = (socket) => socket.write(OK),
): Promise<PlaneUnderTest> {
  const app = await instance(script)
  const proxy = await planeUnderTest()
  open.push(() => proxy.close())
  proxy.to([app.port], limits)
  return proxy
}

async function clientOf(proxy: PlaneUnderTest): Promise<RawClient> {
  const client = await rawClient(proxy.port)
  open.push(() => client.destroy())
  return client
}

describe('a rate of requests', () => {
  const rate = { perSecond: 1, burst: 3, by: { kind: 'header', name: 'X-Key' } } as const

  it('is answered 429 beyond it, says when to come back, keeps the connection, and is counted', async () => {
    const proxy = await planeWith({ rate })
    const client = await clientOf(proxy)
    for (let count = 0; count < 5; count += 1)
      client.send('GET / HTTP/1.1\r\nHost: a\r\nX-Key: one\r\n\r\n')
    const text = await client.until(/(?:HTTP[^]*?){5}\n$/)
    expect(text.match(/^(?:ok)?HTTP\/1\.1 \d+/gm)?.map((line) => line.slice(-3))).toEqual([
      '200',
      '200',
      '200',
      '429',
      '429',
    ])
    expect(text).toContain('Retry-After: 1\r\n')
    expect(text).not.toContain('Connection: close')
    expect(proxy.tally()).toMatchObject({ rejected: 2, rejections: { rate: 2 } })
    expect(proxy.tally().counts['v1']?.requests).toBe(3)
  })

  it('is counted for each key, and by address for whoever has none', async () => {
    const proxy = await planeWith({ rate })
    const statusFor = async (headers: Record<string, string>) =>
      (await fetch(`http://127.0.0.1:${proxy.port}/`, { headers })).status
    const statuses: number[] = []
    for (const key of ['a', 'b', 'c'])
      for (let count = 0; count < 3; count += 1) statuses.push(await statusFor({ 'X-Key': key }))
    for (let count = 0; count < 3; count += 1) statuses.push(await statusFor({}))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(await statusFor({ 'X-Key': 'b' })).toBe(429)
    expect(await statusFor({})).toBe(429)
  })

  it('outlives a change of the route that leaves it as it was', async () => {
    const proxy = await planeWith({ rate })
    const app = await instance((socket) => socket.write(OK))
    const status = async () => (await fetch(`http://127.0.0.1:${proxy.port}/`)).status
    for (let count = 0; count < 3; count += 1) expect(await status()).toBe(200)
    proxy.to([app.port], { rate: { ...rate } })
    expect(await status()).toBe(429)
  })
})

describe('a cap on the connections of an address', () => {
  it('tells those beyond it, closes those far beyond, and counts both', async () => {
    const proxy = await planeWith({ connectionsPerAddress: 2 })
    const [first, second] = [await clientOf(proxy), await clientOf(proxy)]
    const third = await clientOf(proxy)
    third.send(GET)
    expect(await third.over()).toBe('end')
    expect(third.text()).toMatch(/^HTTP\/1\.1 429 [^]*Connection: close\r\n/)
    for (const client of [first, second]) {
      client.send(GET)
      await client.until(/ok$/)
    }
    const silent = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true })
        open.push(() => socket.destroy())
        socket.on('error', () => undefined)
        let text = ''
        for await (const bytes of socket) text += String(bytes)
        return text
      }),
    )
    expect(silent.filter((text) => text === '').length).toBeGreaterThanOrEqual(2)
    expect(proxy.tally().rejections).toEqual({ connections: 5 })
  })

  it('is free again when they are closed', async () => {
    const proxy = await planeWith({ connectionsPerAddress: 1 })
    const statusOf = async () => {
      const client = await clientOf(proxy)
      client.send(GET)
      const status = (await client.until(/\r\n\r\n/)).slice(9, 12)
      return { client, status }
    }
    const first = await statusOf()
    expect([first.status, (await statusOf()).status]).toEqual(['200', '429'])
    first.client.destroy()
    await expect.poll(async () => (await statusOf()).status).toBe('200')
  })
})

describe('a smallest rate of bytes', () => {
  it('ends a body that trickles and an answer that is not read, and leaves silence alone', async () => {
    const large = Buffer.alloc(16 * 1024 * 1024)
    const script: Parameters<typeof rawInstance>[0] = (socket, received) => {
      if (received.startsWith('GET /large')) {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${large.length}\r\n\r\n`)
        socket.write(large)
      } else if (received.startsWith('GET /events'))
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n')
    }
    const proxy = await planeWith({ bytesPerSecond: 4 * 1024 * 1024, idleMs: 60_000 }, script)
    const events = await clientOf(proxy)
    events.send('GET /events HTTP/1.1\r\nHost: a\r\n\r\n')
    const waiting = await clientOf(proxy)
    waiting.send('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n')
    const reader = await clientOf(proxy)
    reader.send('GET /large HTTP/1.1\r\nHost: a\r\n\r\n')
    await reader.until(/200 OK/)
    reader.socket.pause()
    const upload = await clientOf(proxy)
    upload.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n')
    const trickle = setInterval(() => upload.send('x'), 100)
    open.push(() => clearInterval(trickle))
    expect(await upload.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 408 /)
    const tally = await proxy.until(({ slowReaders }) => slowReaders === 1)
    expect(tally.rejections).toEqual({ 'too-slow': 1 })
    await proxy.until(({ running }) => running[0]?.requests === 2)
    expect(events.text()).toContain('data: 1')
    expect(waiting.text()).toBe('')
  }, 20_000)
})
