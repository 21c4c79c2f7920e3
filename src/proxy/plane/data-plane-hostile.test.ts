import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planeUnderTest, type PlaneUnderTest } from '../../../test/support/plane-under-test.ts'
import { rawClient } from '../../../test/support/raw-client.ts'
import { rawInstance, type RawInstance } from '../../../test/support/raw-instance.ts'

let proxy: PlaneUnderTest
let instance: RawInstance

beforeEach(async () => {
  proxy = await planeUnderTest()
  instance = await rawInstance((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  })
  proxy.to([instance.port])
})

afterEach(async () => {
  await proxy.close()
  await instance.close()
})

async function answerTo(bytes: string): Promise<string> {
  const client = await rawClient(proxy.port)
  client.send(bytes)
  expect(await client.over()).toBe('end')
  return client.text()
}

describe('a request against the protocol', () => {
  const hostile: readonly (readonly [number, string])[] = [
    [400, 'GET / HTTP/1.1\r\n\r\n'],
    [400, 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
    [400, 'GET / HTTP/1.1\nHost: a\n\n'],
    [400, 'GET / HTTP/1.1\r\nHost: a\r\nA: b\n\r\n'],
    [400, 'GET / HTTP/1.1\r\nHost: a\r\nA: b\rX: y\r\n\r\n'],
    [
      400,
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [400, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n'],
    [400, 'POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    [400, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    [400, '\u0016\u0003\u0001\u0002\r\n\r\n'],
    [400, 'GET /\r\n\r\n'],
    [405, 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n'],
    [413, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n'],
    [414, `GET /${'a'.repeat(20_000)}`],
    [431, `GET / HTTP/1.1\r\nHost: a\r\nA: ${'b'.repeat(20_000)}`],
    [501, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n'],
    [505, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ]
  it.each(hostile)('is answered %i and passed to nobody: %j', async (status, bytes) => {
    const answer = await answerTo(bytes)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer.match(/^HTTP\/1/gm)).toHaveLength(1)
    expect(answer).toContain('Connection: close\r\n')
    expect(instance.received()).toBe('')
    expect(proxy.tally().rejected).toBe(1)
  })

  it('ends the connection after the good requests before it', async () => {
    const answer = await answerTo(
      'GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n',
    )
    expect(answer.match(/^HTTP\/1\.1 \d+|okHTTP\/1\.1 \d+/gm)).toEqual([
      'HTTP/1.1 200',
      'okHTTP/1.1 400',
    ])
    expect(instance.received().match(/^GET/gm)).toHaveLength(1)
  })

  it('takes nothing of a smuggled request along', async () => {
    const inside = 'GET /admin HTTP/1.1\r\nHost: a\r\n\r\n'
    await answerTo(
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n5c\r\n${inside}0\r\n\r\n`,
    )
    await answerTo(`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n${inside}`)
    expect(instance.received()).not.toContain('/admin')
  })

  it('gets its answer even while it keeps sending', async () => {
    const client = await rawClient(proxy.port)
    client.send(
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n${'x'.repeat(2_000_000)}`,
    )
    expect(await client.over()).toBe('end')
    expect(client.text()).toContain('413 Content Too Large')
  })
})

describe('chunks that break in the middle of a body', () => {
  it('end the request at the instance, and are answered 400', async () => {
    const silent = await rawInstance(() => undefined)
    proxy.to([silent.port])
    const client = await rawClient(proxy.port)
    client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n')
    await proxy.until(() => silent.received().includes('hello'))
    client.send('5\r\nhelloGET /admin HTTP/1.1\r\n\r\n')
    expect(await client.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 400 /)
    expect(silent.received()).not.toContain('admin')
    expect(proxy.tally().running.every(({ requests }) => requests === 0)).toBe(true)
    client.destroy()
    await silent.close()
  })

  it('are answered 413 when they become too many', async () => {
    proxy.to([instance.port], { bodyBytes: 10 })
    const silent = await answerTo(
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n',
    )
    expect(silent).toMatch(/^HTTP\/1\.1 413 /)
  })
})

describe('a slow client', () => {
  it('is answered 408 when its head does not come', async () => {
    proxy.to([instance.port], { headMs: 50 })
    const client = await rawClient(proxy.port)
    client.send('GET / HTTP/1.1\r\nHost:')
    expect(await client.over()).toBe('end')
    expect(client.text()).toMatch(/^HTTP\/1\.1 408 /)
    expect(instance.received()).toBe('')
  })

  it('is answered 408 when its body does not come', async () => {
    const silent = await rawInstance(() => undefined)
    proxy.to([silent.port], { idleMs: 50 })
    const client = await rawClient(proxy.port)
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf')
    expect(await client.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 408 /)
    client.destroy()
    await silent.close()
  })

  it('is let go in peace when it is idle', async () => {
    proxy.to([instance.port], { keepAliveMs: 50 })
    const client = await rawClient(proxy.port)
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.until(/ok$/)
    expect(await client.over()).toBe('end')
    expect(client.text()).toMatch(/ok$/)
  })
})
