import { afterEach, describe, expect, it } from 'vitest'
import {
  instanceAt,
  planeUnderTest,
  type PlaneUnderTest,
} from '../../../test/support/plane-under-test.ts'
import { rawClient } from '../../../test/support/raw-client.ts'
import { rawInstance } from '../../../test/support/raw-instance.ts'

const open: (() => unknown)[] = []
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

async function instance(script: Parameters<typeof rawInstance>[0]) {
  const made = await rawInstance(script)
  open.push(() => made.close())
  return made
}

async function planeTo(ports: readonly number[], limits = {}): Promise<PlaneUnderTest> {
  const proxy = await planeUnderTest()
  open.push(() => proxy.close())
  proxy.to(ports, limits)
  return proxy
}

async function clientOf(proxy: PlaneUnderTest) {
  const client = await rawClient(proxy.port)
  open.push(() => client.destroy())
  return client
}

/** A port that nobody listens on. */
async function deadPort(): Promise<number> {
  const made = await rawInstance(() => undefined)
  await made.close()
  return made.port
}

describe('an instance that refuses connections', () => {
  it('costs no request, is told of at once, and is not tried again', async () => {
    const good = await instance((socket) => socket.write(OK))
    const dead = await deadPort()
    const proxy = await planeTo([dead, good.port])
    for (let count = 0; count < 20; count += 1) {
      const method = count % 2 ? 'POST' : 'GET'
      const body = method === 'POST' ? { body: 'x' } : {}
      const response = await fetch(`http://127.0.0.1:${proxy.port}/`, { method, ...body })
      expect(response.status).toBe(200)
      await response.text()
    }
    expect(proxy.refused).toEqual([
      {
        id: 'shop.v1.0',
        generation: `g${dead}`,
        health: 'down',
        reason: 'connection refused',
        unreachable: true,
      },
    ])
    expect(proxy.tally().counts['v1']).toMatchObject({ requests: 20, retried: 1, failed: 0 })
  })

  it('makes the request wait when there is no other, until one is ready', async () => {
    const good = await instance((socket) => socket.write(OK))
    const dead = await deadPort()
    const proxy = await planeTo([dead])
    const answer = fetch(`http://127.0.0.1:${proxy.port}/`, { method: 'POST', body: 'x' })
    await proxy.until((tally) => tally.holding === 1)
    proxy.to([dead, good.port])
    proxy.plane.mark([{ id: 'shop.v1.0', generation: `g${dead}`, health: 'down' }])
    expect((await answer).status).toBe(200)
    expect(proxy.tally()).toMatchObject({ held: 1, holding: 0, refused: 0 })
  })
})

describe('an instance that dies before it answers', () => {
  const dies = (socket: { resetAndDestroy(): unknown }) => void socket.resetAndDestroy()

  it('costs no GET: another instance answers', async () => {
    const [bad, good] = [await instance(dies), await instance((socket) => socket.write(OK))]
    const proxy = await planeTo([bad.port, good.port])
    for (let count = 0; count < 10; count += 1)
      expect((await fetch(`http://127.0.0.1:${proxy.port}/`)).status).toBe(200)
    expect(proxy.tally().counts['v1']?.retried).toBe(bad.connections())
  })

  it('costs no PUT: the body is sent again as it was', async () => {
    let died = 0
    const script: Parameters<typeof rawInstance>[0] = (socket, received) => {
      if (!received.endsWith('hello')) return
      died += 1
      if (died === 1) socket.resetAndDestroy()
      else socket.write(OK)
    }
    const [one, other] = [await instance(script), await instance(script)]
    const proxy = await planeTo([one.port, other.port])
    const url = `http://127.0.0.1:${proxy.port}/`
    expect((await fetch(url, { method: 'PUT', body: 'hello' })).status).toBe(200)
    expect(one.received() + other.received()).toMatch(/hello[^]*hello/)
  })

  it('fails a POST, which may have been done', async () => {
    const [bad, other] = [await instance(dies), await instance(dies)]
    const proxy = await planeTo([bad.port, other.port])
    const response = await fetch(`http://127.0.0.1:${proxy.port}/`, { method: 'POST', body: 'x' })
    expect(response.status).toBe(502)
    expect(bad.connections() + other.connections()).toBe(1)
    expect(proxy.tally().counts['v1']).toMatchObject({ requests: 1, failed: 1, retried: 0 })
  })

  it('fails a GET after one more try: a retry is not retried', async () => {
    const bad = await instance(dies)
    const proxy = await planeTo([bad.port])
    expect((await fetch(`http://127.0.0.1:${proxy.port}/`)).status).toBe(502)
    expect(bad.connections()).toBe(2)
  })

  it('is not asked twice by a retried request over connections that may all be stale', async () => {
    const flaky = await instance((socket, _received, connection) => {
      if (connection === 1 && socket.bytesRead > 100) socket.resetAndDestroy()
      else socket.write(OK)
    })
    const proxy = await planeTo([flaky.port])
    for (let count = 0; count < 3; count += 1)
      expect((await fetch(`http://127.0.0.1:${proxy.port}/`)).status).toBe(200)
    expect(flaky.connections()).toBe(2)
  })
})

describe('an answer that breaks off', () => {
  const heads = [
    'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
    'HTTP/1.1 200 OK\r\n\r\nhalf',
  ]
  it.each(heads)('never looks whole to the client: %j', async (head) => {
    const bad = await instance((socket) => {
      socket.write(head)
      setTimeout(() => socket.resetAndDestroy(), 20)
    })
    const proxy = await planeTo([bad.port])
    const client = await clientOf(proxy)
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    const over = await client.over()
    expect(client.text()).toMatch(/half(\r\n)?$/)
    expect(over).toBe(head.includes('-') ? 'end' : 'ECONNRESET')
    expect(proxy.tally().counts['v1']).toMatchObject({ broken: 1, failed: 0 })
    expect(bad.connections()).toBe(1)
  })

  it('is not ended cleanly when its chunks are malformed', async () => {
    const bad = await instance((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
      setTimeout(() => socket.write('4\r\nhalf\r\nxyz\r\n0\r\n\r\n'), 20)
    })
    const proxy = await planeTo([bad.port])
    const answer = fetch(`http://127.0.0.1:${proxy.port}/`).then((got) => got.text())
    await expect(answer).rejects.toThrow()
    expect(proxy.tally().counts['v1']?.broken).toBe(1)
  })
})

describe('an answer that is not HTTP', () => {
  const answers = [
    'nonsense\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n',
    'HTTP/1.1 200 OK\n\n',
    `HTTP/1.1 200 OK\r\nA: ${'b'.repeat(20_000)}\r\n\r\n`,
  ]
  it.each(answers)('is answered 502', async (answer) => {
    const bad = await instance((socket) => socket.write(answer))
    const proxy = await planeTo([bad.port])
    expect((await fetch(`http://127.0.0.1:${proxy.port}/`)).status).toBe(502)
    expect(proxy.tally().counts['v1']).toMatchObject({ failed: 1 })
  })
})

describe('bytes that nobody asked for', () => {
  it('never become the answer to the next request', async () => {
    const bad = await instance((socket, received) => {
      if (received.includes('/poison'))
        socket.write(`${OK}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`)
      else socket.write(OK)
    })
    const proxy = await planeTo([bad.port])
    const url = `http://127.0.0.1:${proxy.port}`
    expect(await (await fetch(`${url}/poison`)).text()).toBe('ok')
    expect(await (await fetch(`${url}/`)).text()).toBe('ok')
    expect(bad.connections()).toBe(2)
  })

  it('destroy an idle connection', async () => {
    const closed = Promise.withResolvers<void>()
    const bad = await instance((socket) => {
      socket.write(OK)
      socket.on('close', closed.resolve)
      setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'), 20)
    })
    const proxy = await planeTo([bad.port])
    await (await fetch(`http://127.0.0.1:${proxy.port}/`)).text()
    await closed.promise
    expect(await (await fetch(`http://127.0.0.1:${proxy.port}/`)).text()).toBe('ok')
    expect(bad.connections()).toBe(2)
  })
})

describe('an instance that keeps silent', () => {
  it('is answered 504 when its time is over', async () => {
    const silent = await instance(() => undefined)
    const proxy = await planeTo([silent.port], { answerMs: 50 })
    expect((await fetch(`http://127.0.0.1:${proxy.port}/`)).status).toBe(504)
    expect(proxy.tally()).toMatchObject({ running: [{ requests: 0 }] })
  })

  it('loses its connection when the client leaves', async () => {
    const closed = Promise.withResolvers<void>()
    const silent = await instance((socket) => void socket.on('close', closed.resolve))
    const proxy = await planeTo([silent.port])
    const client = await clientOf(proxy)
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await proxy.until((tally) => tally.running[0]?.requests === 1 && silent.received() !== '')
    client.destroy()
    await closed.promise
    expect(proxy.tally()).toMatchObject({ running: [{ requests: 0 }] })
    expect(proxy.tally().counts['v1']).toMatchObject({ failed: 0, broken: 0 })
  })
})

describe('an instance that closes idle connections early', () => {
  it('gets no POST over a connection it may be closing, and still every GET over one that is open', async () => {
    const closed = Promise.withResolvers<void>()
    const hasty = await instance((socket, _received, connection) => {
      socket.write(OK)
      if (connection > 1) return
      setTimeout(() => socket.end(), 20)
      socket.on('close', closed.resolve)
    })
    const proxy = await planeTo([hasty.port])
    const ask = async (method: string) =>
      (await fetch(`http://127.0.0.1:${proxy.port}/`, { method })).text()
    await ask('GET')
    await closed.promise
    await ask('POST')
    expect(hasty.connections()).toBe(2)
    const since = performance.now()
    await expect.poll(() => performance.now() - since).toBeGreaterThan(40)
    await ask('GET')
    expect(hasty.connections()).toBe(2)
    await expect.poll(() => performance.now() - since).toBeGreaterThan(80)
    await ask('POST')
    expect(hasty.connections()).toBe(3)
  })
})

describe('an early answer', () => {
  it('is passed on, and the upload may still end well', async () => {
    const early = await instance((socket, received) => {
      if (received.startsWith('POST')) socket.write(OK)
    })
    const proxy = await planeTo([early.port])
    const client = await clientOf(proxy)
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345')
    await client.until(/ok$/)
    client.send('67890GET /next HTTP/1.1\r\nHost: a\r\n\r\n')
    await proxy.until(() => early.received().includes('GET /next'))
    expect(early.received()).toContain('1234567890GET /next')
  })

  it('is not lost when the instance takes no more', async () => {
    const early = await instance((socket) => {
      socket.end('HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    })
    const proxy = await planeTo([early.port])
    const client = await clientOf(proxy)
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n12345')
    expect(await client.until(/\r\n\r\n$/)).toContain('413 Content Too Large')
    expect(await client.over()).toBe('end')
  })
})

describe('one process after another at the same address', () => {
  it('inherits neither the health nor the connections of the one before', async () => {
    const good = await instance((socket) => socket.write(OK))
    const proxy = await planeTo([good.port], { holdMs: 0 })
    await (await fetch(`http://127.0.0.1:${proxy.port}/`)).text()
    const next = { ...instanceAt(good.port), generation: 'later' }
    proxy.route([next], { v1: 10_000 }, { holdMs: 0, holdRequests: 0 })
    proxy.plane.mark([{ id: next.id, generation: `g${good.port}`, health: 'up' }])
    expect((await fetch(`http://127.0.0.1:${proxy.port}/`)).status).toBe(503)
    proxy.up(next)
    expect((await fetch(`http://127.0.0.1:${proxy.port}/`)).status).toBe(200)
    expect(good.connections()).toBe(2)
  })
})
