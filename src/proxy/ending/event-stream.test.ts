import type { RequestListener, ServerResponse } from 'node:http'
import { once } from 'node:events'
import { connect } from 'node:http2'
import { text as textOf } from 'node:stream/consumers'
import { createGzip } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import {
  appUnderTest,
  type AppUnderTest,
  movingPlane,
  type MovingPlane,
} from '../../../test/support/moving-plane.ts'
import { rawClient, type RawClient } from '../../../test/support/raw-client.ts'

const open: (() => unknown)[] = []

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

async function appOf(listener: RequestListener): Promise<AppUnderTest> {
  const app = await appUnderTest(listener)
  open.push(() => app.close())
  return app
}

/** From blue to green, with these listeners. */
async function plane(blue: RequestListener, green: RequestListener = blue): Promise<MovingPlane> {
  const [one, other] = [await appOf(blue), await appOf(green)]
  const proxy = await movingPlane(one.port, other.port)
  open.push(() => proxy.close())
  return proxy
}

/** Numbered events from the one after `Last-Event-ID` on, each of them in two writes. */
function numbered(name: string, everyMs: number): RequestListener {
  return (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.flushHeaders()
    let id = Number(request.headers['last-event-id'] ?? 0)
    const begin = (): void => {
      id += 1
      response.write(`id: ${id}\ndata: ${name}`)
      timer = setTimeout(end, everyMs / 2)
    }
    const end = (): void => {
      response.write('\n\n')
      timer = setTimeout(begin, everyMs / 2)
    }
    let timer = setTimeout(begin, everyMs)
    response.on('close', () => clearTimeout(timer))
  }
}

/** A stream that writes what the test says. */
function told(headers: Record<string, string> = {}) {
  const streams: ServerResponse[] = []
  const listener: RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', ...headers })
    response.flushHeaders()
    streams.push(response)
  }
  return { listener, write: (text: string) => streams.forEach((stream) => stream.write(text)) }
}

async function listening(proxy: MovingPlane, version = '1.1'): Promise<RawClient> {
  const client = await rawClient(proxy.port)
  open.push(() => client.destroy())
  client.send(`GET /events HTTP/${version}\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n`)
  await client.until(/\r\n\r\n/)
  return client
}

const ending = (stayMs: number, spreadMs: number) => ({
  traffic: { ending: { stayMs, spreadMs, reconnectsPerSecond: 0 } },
})

describe('an event stream', () => {
  it('reaches its client as soon as it is written, also what is not a whole event', async () => {
    const app = told()
    const proxy = await plane(app.listener)
    proxy.before()
    const client = await listening(proxy)
    for (const part of ['id: 1\n', 'data: x', '\n\n', ': ping\n\n']) {
      const writtenAtMs = performance.now()
      app.write(part)
      await client.until(new RegExp(`${JSON.stringify(part).slice(1, -1)}\r\n$`))
      expect(performance.now() - writtenAtMs).toBeLessThan(50)
    }
  })

  it('may be silent for longer than anything else', async () => {
    const app = told()
    const proxy = await plane(app.listener)
    proxy.before({ limits: { idleMs: 100, answerMs: 100 } })
    const client = await listening(proxy)
    const since = performance.now()
    await expect.poll(() => performance.now() - since > 800).toBe(true)
    app.write('data: still here\n\n')
    await client.until(/still here/)
    expect(proxy.tally().counts['blue']?.broken).toBe(0)
  })

  it('ends by itself as it did', async () => {
    const proxy = await plane((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n')
      response.end('data: 2\n\n')
    })
    proxy.before()
    const client = await listening(proxy)
    const got = await client.until(/\r\n0\r\n\r\n/)
    expect(got).toContain('data: 1\n\n')
    expect(got).toContain('data: 2\n\n')
    client.send('GET /again HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.until(/(?:\r\n0\r\n\r\n[^]*){2}/)
  })
})

describe('event streams on an instance that drains', () => {
  it('end between two events, one after the other, and go on at the other release without a gap', async () => {
    const proxy = await plane(numbered('blue', 20), numbered('green', 20))
    proxy.before(ending(300, 800))
    const follow = async () => {
      const seen: string[] = []
      let last = 0
      let ends: number | undefined
      while (seen.at(-1) !== 'green') {
        const headers = { accept: 'text/event-stream', 'last-event-id': String(last) }
        const response = await fetch(`http://127.0.0.1:${proxy.port}/events`, { headers })
        let text = ''
        const decoder = new TextDecoder()
        for await (const bytes of response.body ?? []) {
          text += decoder.decode(bytes, { stream: true })
          if (text.endsWith('green\n\n')) break
        }
        ends ??= performance.now()
        expect(text).toMatch(/\n\n$/)
        for (const [, id, name] of text.matchAll(/id: (\d+)\ndata: (\w+)\n\n/g)) {
          expect(Number(id)).toBe(last + 1)
          last = Number(id)
          seen.push(name ?? '')
        }
      }
      expect(seen).toContain('blue')
      return ends ?? 0
    }
    const following = Array.from({ length: 20 }, follow)
    await proxy.until(({ running }) => running[0]?.requests === 20)
    const drainedAtMs = performance.now()
    proxy.after(ending(300, 800))
    const ends = (await Promise.all(following)).toSorted((a, b) => a - b)
    expect((ends[0] ?? 0) - drainedAtMs).toBeGreaterThanOrEqual(295)
    expect((ends.at(-1) ?? 0) - drainedAtMs).toBeLessThanOrEqual(1100)
    expect((ends[15] ?? 0) - (ends[5] ?? 0)).toBeGreaterThan(150)
    const { counts } = await proxy.until(({ running }) => running[0]?.requests === 0)
    expect(counts['blue']).toMatchObject({ closed: 20, broken: 0, failed: 0 })
  })

  it('keep the connection of the client for its next request', async () => {
    const app = told()
    const proxy = await plane(app.listener, (_request, response) => response.end('green'))
    proxy.before(ending(0, 50))
    const client = await listening(proxy)
    app.write('data: 1\n\n')
    await client.until(/data: 1/)
    proxy.after(ending(0, 50))
    await client.until(/data: 1\n\n\r\n0\r\n\r\n$/)
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.until(/green$/)
  })

  it('end where the event in the middle of which they were ends', async () => {
    const app = told()
    const proxy = await plane(app.listener)
    proxy.before(ending(0, 50))
    const client = await listening(proxy)
    app.write('data: half')
    await client.until(/half/)
    proxy.after(ending(0, 50))
    const since = performance.now()
    await expect.poll(() => performance.now() - since > 200).toBe(true)
    app.write(' whole\n\ndata: never')
    const got = await client.until(/\r\n0\r\n\r\n$/)
    expect(got).toContain(' whole\n\n\r\n0\r\n\r\n')
    expect(got).not.toContain('never')
  })

  it('end with their connection when the client speaks HTTP/1.0', async () => {
    const app = told()
    const proxy = await plane(app.listener)
    proxy.before(ending(0, 50))
    const client = await listening(proxy, '1.0')
    app.write('data: 1\n\n')
    await client.until(/\r\n\r\ndata: 1\n\n$/)
    proxy.after(ending(0, 50))
    expect(await client.over()).toBe('end')
    expect(client.text()).toMatch(/\r\n\r\ndata: 1\n\n$/)
  })

  it('end a stream of HTTP/2 and not its connection', async () => {
    const app = told()
    const proxy = await plane(app.listener, (_request, response) => response.end('green'))
    const traffic = {
      entry: { http2: true, proxyProtocol: false, trusted: [] },
      ...ending(100, 50).traffic,
    }
    proxy.before({ traffic })
    const session = connect(`http://127.0.0.1:${proxy.port}`)
    open.push(() => session.destroy())
    const stream = session.request({ ':path': '/events' })
    await once(stream, 'response')
    app.write('data: 1\n\n')
    const got = textOf(stream)
    proxy.after({ traffic })
    expect(await got).toBe('data: 1\n\n')
    expect(stream.rstCode).toBe(0)
    expect(await textOf(session.request({ ':path': '/' }))).toBe('green')
  })

  it('that are compressed end with a whole chunk', async () => {
    const proxy = await plane((_request, response) => {
      const headers = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' }
      response.writeHead(200, headers)
      const gzip = createGzip()
      gzip.pipe(response)
      gzip.write('data: 1\n\n')
      gzip.flush()
    })
    proxy.before(ending(0, 50))
    const client = await listening(proxy)
    await client.until(/\r\n\r\n[0-9a-f]+\r\n[^]+\r\n$/)
    proxy.after(ending(0, 50))
    await client.until(/\r\n0\r\n\r\n$/)
  })
})
