import { closeSync, openSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { childApp } from '../../../test/support/child-app.ts'
import { hashingInstance, hashOfBody } from '../../../test/support/hashing-instance.ts'
import {
  instanceAt,
  planeUnderTest,
  type PlaneUnderTest,
} from '../../../test/support/plane-under-test.ts'
import { type RawClient, rawClient } from '../../../test/support/raw-client.ts'
import { rawInstance } from '../../../test/support/raw-instance.ts'
import type { LimitSpec } from '../../core/service.ts'

const open: (() => unknown)[] = []
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

async function planeTo(
  ports: readonly number[],
  limits: Partial<LimitSpec> = {},
): Promise<PlaneUnderTest> {
  const proxy = await planeUnderTest()
  open.push(() => proxy.close())
  proxy.to(ports, limits)
  return proxy
}

async function instance(script: Parameters<typeof rawInstance>[0]) {
  const made = await rawInstance(script)
  open.push(() => made.close())
  return made
}

async function goodOne() {
  const made = await hashingInstance()
  open.push(() => made.kill())
  return made
}

async function clientOf(proxy: PlaneUnderTest): Promise<RawClient> {
  const client = await rawClient(proxy.port)
  open.push(() => client.destroy())
  return client
}

/** Reads the whole request, whatever its body, and breaks the connection. */
async function deadly() {
  let read = 0
  const made = await instance((socket, received) => {
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0)
    let left = length - (received.length - received.indexOf('\r\n\r\n') - 4)
    const die = () => {
      read += 1
      socket.resetAndDestroy()
    }
    if (left <= 0) return die()
    socket.removeAllListeners('data').on('data', (bytes: Buffer) => {
      left -= bytes.length
      if (left <= 0) die()
    })
  })
  return { port: made.port, read: () => read }
}

/** The other instance gets the next requests first, because this one is busy. */
async function busy(proxy: PlaneUnderTest, ports: { good: number; bad: number }): Promise<void> {
  proxy.to([ports.good])
  const client = await clientOf(proxy)
  client.send('GET /hang HTTP/1.1\r\nHost: a\r\n\r\n')
  await proxy.until(({ running }) => running[0]?.requests === 1)
}

const KEY = { 'Idempotency-Key': '"8e03978e-40d5-43e8-bc93-6894a57f9324"' }
const bodies = [0, 10_000, 5_000_000].map((size) => Buffer.alloc(size, 'midflight '))
const kinds = [
  { method: 'GET', headers: {}, bodies: [bodies[0]!] },
  { method: 'PUT', headers: {}, bodies },
  { method: 'POST', headers: {}, bodies },
  { method: 'POST', headers: KEY, bodies },
]
const requests = kinds.flatMap(({ bodies: all, ...kind }) => all.map((body) => ({ ...kind, body })))

async function ask(proxy: PlaneUnderTest, request: (typeof requests)[number]) {
  const { method, headers, body } = request
  const init = { method, headers, ...(method !== 'GET' && { body: new Uint8Array(body) }) }
  const answer = await fetch(`http://127.0.0.1:${proxy.port}/`, init)
  return { status: answer.status, text: await answer.text() }
}

/** Nothing listens there. */
async function deadPort(): Promise<number> {
  const made = await rawInstance(() => undefined)
  await made.close()
  return made.port
}

/** Connections to it are never answered. */
async function blackHole(): Promise<number> {
  const app = await childApp('black-hole')
  open.push(() => app.kill())
  for (let count = 0; count < 4; count += 1) {
    const filling = connect(app.port, '127.0.0.1').on('error', () => undefined)
    open.push(() => filling.destroy())
  }
  return app.port
}

describe('an instance that cannot be reached', () => {
  it.each([
    ['refuses', deadPort],
    ['does not answer at all', blackHole],
  ])('costs no request of any kind when it %s', async (_, portOf) => {
    const good = await goodOne()
    const bad = await portOf()
    const proxy = await planeTo([bad, good.port], { connectMs: 300 })
    const began = performance.now()
    const answers = await Promise.all(requests.map((request) => ask(proxy, request)))
    expect(answers).toEqual(requests.map(({ body }) => ({ status: 200, text: hashOfBody(body) })))
    expect(performance.now() - began).toBeLessThan(3000)
    expect(proxy.refused[0]).toMatchObject({ health: 'down', unreachable: true })
    expect(proxy.tally().counts['v1']?.retried).toBeGreaterThan(0)
    expect(good.seen.broken).toBe(0)
  })
})

describe('an instance that reads a request and dies', () => {
  it('costs only those that must not be done twice', async () => {
    const good = await goodOne()
    const bad = await deadly()
    const proxy = await planeTo([])
    await busy(proxy, { good: good.port, bad: bad.port })
    for (const request of requests) {
      proxy.to([good.port, bad.port])
      const before = bad.read()
      const { status, text } = await ask(proxy, request)
      const isPlain = request.method === 'POST' && request.headers !== KEY
      expect({ status, ...(status === 200 && { text }) }).toEqual(
        isPlain ? { status: 502 } : { status: 200, text: hashOfBody(request.body) },
      )
      expect(bad.read() - before).toBe(1)
    }
    expect(proxy.refused).toEqual([])
  })

  it('is not the reason for more retries than the budget allows', async () => {
    const good = await goodOne()
    const bad = await deadly()
    const proxy = await planeTo([])
    await busy(proxy, { good: good.port, bad: bad.port })
    proxy.to([good.port, bad.port], { retries: 1000 })
    const statuses: number[] = []
    for (let count = 0; count < 150; count += 1)
      statuses.push((await ask(proxy, requests[0]!)).status)
    const retried = statuses.filter((status) => status === 200).length
    expect(retried).toBeLessThanOrEqual(15)
    expect(retried).toBeGreaterThanOrEqual(10)
    expect(proxy.tally()).toMatchObject({ retriesRefused: 150 - retried })
  })
})

describe('a retry', () => {
  it('tells the proxies behind that it is one', async () => {
    const good = await goodOne()
    const bad = await deadly()
    const proxy = await planeTo([])
    await busy(proxy, { good: good.port, bad: bad.port })
    proxy.to([good.port, bad.port])
    expect((await ask(proxy, requests[0]!)).status).toBe(200)
    expect(good.whole.map((fields) => fields['x-envoy-attempt-count'])).toEqual([undefined, '2'])
  })

  it('is not retried when it is that of a proxy before', async () => {
    const bad = await deadly()
    const proxy = await planeTo([bad.port])
    const client = await clientOf(proxy)
    client.send('GET / HTTP/1.1\r\nHost: a\r\nX-Envoy-Attempt-Count: 2\r\n\r\n')
    expect(await client.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 502 /)
    expect(bad.read()).toBe(1)
  })

  it('is not made of an answer, whatever it says', async () => {
    const answer = 'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n'
    const [one, other] = [
      await instance((socket) => socket.write(answer)),
      await instance((socket) => socket.write(answer)),
    ]
    const proxy = await planeTo([one.port, other.port])
    expect((await ask(proxy, requests[0]!)).status).toBe(503)
    expect(one.connections() + other.connections()).toBe(1)
  })
})

describe('a connection that the proxy itself cannot open', () => {
  it('is answered 503 and held against nobody when there are no more files', async () => {
    const app = await instance((socket) => socket.write(OK))
    const proxy = await planeTo([app.port])
    const client = await clientOf(proxy)
    const files: number[] = []
    try {
      for (;;) files.push(openSync('/dev/null', 'r'))
    } catch {
      client.send(GET)
      expect(await client.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 503 [^]*Retry-After: 1\r\n/)
    } finally {
      for (const file of files) closeSync(file)
    }
    expect(proxy.refused).toEqual([])
    expect(proxy.tally()).toMatchObject({ refused: 1, counts: { v1: { failed: 0 } } })
    client.send(GET)
    await client.until(/ok$/)
  })

  it('is answered 503 and held against nobody when the queue of a unix socket is full', async () => {
    const path = join(tmpdir(), `black-hole-${process.pid}.sock`)
    const app = await childApp('black-hole', path)
    open.push(() => app.kill())
    for (let count = 0; count < 4; count += 1) {
      const filling = connect(path).on('error', () => undefined)
      open.push(() => filling.destroy())
    }
    const proxy = await planeTo([])
    const full = { ...instanceAt(1), address: { path } }
    proxy.route([full], { v1: 10_000 })
    proxy.up(full)
    expect((await ask(proxy, requests[0]!)).status).toBe(503)
    expect(proxy.refused).toEqual([])
  })
})
