import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseRequestHead } from '../../src/proxy/http1/request-head.ts'
import { LIMITS, planeUnderTest, type PlaneUnderTest } from '../support/plane-under-test.ts'
import { rawClient } from '../support/raw-client.ts'
import { rawInstance, type RawInstance } from '../support/raw-instance.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
/** What is quadratic in 30,000 takes hundreds. */
const MOST_MS = 60
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

let proxy: PlaneUnderTest
let instance: RawInstance

beforeEach(async () => {
  proxy = await planeUnderTest()
  instance = await rawInstance((socket) => void socket.write(OK))
  proxy.to([instance.port])
})

afterEach(async () => {
  await proxy.close()
  await instance.close()
})

/** Sends one character after the other, for as long as anybody takes them. */
async function dribble(text: string): Promise<{ readonly answer: string; readonly sent: number }> {
  const client = await rawClient(proxy.port)
  let sent = 0
  for (; client.socket.writable && sent < 10_000; sent += 1) {
    client.send(text[sent % text.length] ?? '')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await client.over()
  return { answer: client.text(), sent }
}

describe('a client that is slow on purpose', () => {
  it('does not keep a connection by a head that never ends (CVE-2018-12122)', async () => {
    proxy.to([instance.port], { headMs: 100 })
    const { answer, sent } = await dribble('GET / HTTP/1.1\r\nHost: a\r\nX-Slow: aaaaaaaaaaaaaa')
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(sent).toBeLessThan(1000)
    expect(instance.received()).toBe('')
  })

  it('does not keep one between requests either (CVE-2019-5737, CVE-2020-8251)', async () => {
    proxy.to([instance.port], { headMs: 100 })
    const client = await rawClient(proxy.port)
    client.send(`${GET}GET /late HTTP/1.1\r\nHost:`)
    expect(await client.over()).toBe('end')
    expect(client.text()).toMatch(/okHTTP\/1\.1 408 /)
    expect(instance.received()).not.toContain('/late')
  })

  it('does not keep one by a body that never ends', async () => {
    const silent = await rawInstance(() => undefined)
    proxy.to([silent.port], { idleMs: 100 })
    const client = await rawClient(proxy.port)
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf')
    expect(await client.over()).toBe('end')
    expect(client.text()).toMatch(/^HTTP\/1\.1 408 /)
    expect(proxy.tally().rejections).toEqual({ 'too-slow': 1 })
    await silent.close()
  })

  it('does not keep one by empty lines', async () => {
    proxy.to([instance.port], { headMs: 100, keepAliveMs: 100 })
    const { answer } = await dribble('\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 40[08] /)
  })
})

describe('an answer that nobody asked for (CVE-2026-48931, GHSA-35p6-xmwp-9g52)', () => {
  it('ends the connection it came on, and never answers the next request', async () => {
    const EVIL = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'
    const destroyed: boolean[] = []
    const poisoned = await rawInstance((socket, _, connection) => {
      socket.write(OK)
      if (connection > 1) return
      socket.on('close', () => destroyed.push(true))
      void turn().then(() => setTimeout(() => socket.write(EVIL), 30))
    })
    proxy.to([poisoned.port])
    const client = await rawClient(proxy.port)
    client.send(GET)
    await client.until(/ok$/)
    await proxy.until(() => destroyed.length === 1)
    client.send(GET)
    await client.until(/ok[^]*ok$/)
    expect(client.text()).not.toContain('evil')
    expect(poisoned.connections()).toBe(2)
    client.destroy()
    await poisoned.close()
  })
})

describe('a client that leaves in the middle (http-proxy before 1.18.1)', () => {
  it('takes nobody with it', async () => {
    const big = await rawInstance((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n${'x'.repeat(100_000)}`)
    })
    proxy.to([big.port])
    const client = await rawClient(proxy.port)
    client.send(GET)
    await client.until(/xxx/)
    client.socket.resetAndDestroy()
    await proxy.until((tally) => tally.running.every(({ requests }) => requests === 0))
    proxy.to([instance.port])
    const next = await rawClient(proxy.port)
    next.send(GET)
    expect(await next.until(/ok$/)).toContain('200 OK')
    next.destroy()
    await big.close()
  })
})

describe('what a head costs', () => {
  const limits = { bodyBytes: LIMITS.bodyBytes }
  const costOf = (head: string): number => {
    const start = performance.now()
    for (let times = 0; times < 50; times += 1) parseRequestHead(head, limits)
    return (performance.now() - start) / 50
  }

  it('does not grow with names that collide (CVE-2026-21717, CVE-2025-27209)', () => {
    const names = Array.from({ length: 100 }, (_, at) => `${at * 16_777_216}`)
    const head = `GET / HTTP/1.1\r\nHost: a\r\n${names.map((name) => `${name}: ${'x'.repeat(100)}\r\n`).join('')}`
    expect(costOf(head)).toBeLessThan(MOST_MS)
  })

  it('does not grow with the square of the blanks in it', () => {
    for (const name of [
      'Connection',
      'Upgrade',
      'Host',
      'Transfer-Encoding',
      'X-Forwarded-For',
      'Via',
      'Forwarded',
    ])
      expect(
        costOf(`GET / HTTP/1.1\r\nHost: a\r\n${name}: a${' '.repeat(30_000)}b\r\n`),
      ).toBeLessThan(MOST_MS)
  })

  it('does not grow with the names that Connection lists', () => {
    const named = Array.from({ length: 5000 }, (_, at) => `x${at}`).join(',')
    const lines = Array.from({ length: 100 }, (_, at) => `x${at}: y\r\n`).join('')
    expect(costOf(`GET / HTTP/1.1\r\nHost: a\r\nConnection: ${named}\r\n${lines}`)).toBeLessThan(
      MOST_MS,
    )
  })
})
