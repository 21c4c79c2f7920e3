import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  appUnderTest,
  type AppUnderTest,
  movingPlane,
  type MovingPlane,
} from '../../../test/support/moving-plane.ts'
import { rawClient, type RawClient } from '../../../test/support/raw-client.ts'

let app: AppUnderTest
let proxy: MovingPlane
let posts: number
const clients: RawClient[] = []

beforeEach(async () => {
  posts = 0
  app = await appUnderTest((request, response) => {
    if (request.method === 'POST') posts += 1
    request.resume()
    request.on('end', () => response.end('thanks'))
  })
  proxy = await movingPlane(app.port, app.port)
  proxy.before()
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await proxy.close()
  app.close()
})

async function idleClient(): Promise<RawClient> {
  const client = await rawClient(proxy.port)
  clients.push(client)
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await client.until(/thanks$/)
  return client
}

describe('when the proxy drains', () => {
  it('no idle client loses a POST or is reset: who sends in time is answered, the others are let go one after the other', async () => {
    const idle = await Promise.all(Array.from({ length: 300 }, idleClient))
    const drainedAtMs = performance.now()
    const drained = proxy.plane.drain(1000)
    const senders = idle.slice(0, 250).map(async (client) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 950))
      client.send('POST /pay HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n42')
      const got = await client.until(/thanks[^]*thanks$/)
      expect(got.slice(got.indexOf('thanks'))).toContain('\r\nConnection: close\r\n')
      return client.over()
    })
    const silent = idle.slice(250).map(async (client) => {
      expect(await client.over()).toBe('end')
      return performance.now() - drainedAtMs
    })
    expect(new Set(await Promise.all(senders))).toEqual(new Set(['end']))
    expect(posts).toBe(250)
    const times = (await Promise.all(silent)).toSorted((a, b) => a - b)
    expect(times[0]).toBeGreaterThanOrEqual(1000)
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(100)
    await drained
    expect(performance.now() - drainedAtMs).toBeLessThan(4000)
    expect(proxy.tally()).toMatchObject({ refused: 0, rejected: 0 })
  })

  it('said again with less patience, an idle client is let go sooner', async () => {
    const client = await idleClient()
    void proxy.plane.drain(60_000)
    const drained = proxy.plane.drain(50)
    expect(await client.over()).toBe('end')
    await drained
  })

  it('a client that was told it is kept may send once more', async () => {
    const client = await rawClient(proxy.port)
    clients.push(client)
    let finish = () => {}
    app.server.removeAllListeners('request')
    app.server.on('request', (_request, response) => {
      response.write('begun')
      finish = () => response.end()
    })
    client.send('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await client.until(/begun/)).not.toContain('Connection: close')
    void proxy.plane.drain(1000)
    finish()
    await client.until(/\r\n0\r\n\r\n$/)
    client.send('GET /more HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.until(/begun[^]*begun/)
    finish()
    expect(await client.over()).toBe('end')
    expect(client.text()).toMatch(/Connection: close\r\n[^]*\r\n0\r\n\r\n$/)
  })
})
