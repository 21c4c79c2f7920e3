import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  appUnderTest,
  type AppUnderTest,
  movingPlane,
  type MovingPlane,
} from '../../../test/support/moving-plane.ts'
import { rawClient, type RawClient } from '../../../test/support/raw-client.ts'

interface Recorded extends AppUnderTest {
  /** What it was asked for, in order, and when. */
  readonly asked: string[]
  readonly times: number[]
}

let blue: Recorded
let green: Recorded
let proxy: MovingPlane
const clients: RawClient[] = []

beforeEach(async () => {
  blue = await recorded('blue')
  green = await recorded('green')
  proxy = await movingPlane(blue.port, green.port)
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await proxy.close()
  for (const app of [blue, green]) app.close()
})

async function recorded(name: string): Promise<Recorded> {
  const asked: string[] = []
  const times: number[] = []
  const app = await appUnderTest((request, response) => {
    if (request.url === '/slow') return void response.write('slow ')
    asked.push(`${request.method} ${request.url}`)
    times.push(performance.now())
    return response.end(name)
  })
  return { ...app, asked, times }
}

async function sending(request: string): Promise<RawClient> {
  const client = await rawClient(proxy.port)
  clients.push(client)
  client.send(request)
  return client
}

const post = (path: string, lines = '') =>
  sending(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n${lines}\r\nhi`)
const get = (path: string) => sending(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)

/** One after the other, so that their order is known. */
async function holding(count: number, lines = ''): Promise<RawClient[]> {
  const before = proxy.tally().holding
  const held: RawClient[] = []
  for (let at = 0; at < count; at += 1) {
    held.push(await post(`/${before + at}`, lines))
    await proxy.until(({ holding: now }) => now === before + at + 1)
  }
  return held
}

const ANSWERED = /^HTTP\/1\.1 (\d+)[^]*\r\n\r\n[^]/
const statusOf = async (client: RawClient) =>
  Number(ANSWERED.exec(await client.until(ANSWERED))?.[1])

describe('a hold', () => {
  it('refuses what is too much, forgets who leaves, keeps deadlines, and lets the rest go in order at a pace', async () => {
    const limits = { holdRequests: 150, holdMs: 10_000, releasedPerSecond: 200 }
    proxy.before({ limits })
    const slow = await get('/slow')
    await slow.until(/slow/)
    proxy.before({ limits, held: 'all' })
    const leaving = await holding(25)
    const patient = await holding(110)
    const hurriedAtMs = performance.now()
    const hurried = await holding(15, 'X-Request-Timeout: 2\r\n')
    const tooMany = await Promise.all(Array.from({ length: 100 }, () => post('/too-many')))
    expect(new Set(await Promise.all(tooMany.map(statusOf)))).toEqual(new Set([503]))
    expect(tooMany[0]?.text()).toContain('\r\nRetry-After: 1\r\n')
    expect(await statusOf(await get('/up'))).toBe(200)
    for (const client of leaving) client.destroy()
    await proxy.until(({ holding: now }) => now === 125)
    expect(new Set(await Promise.all(hurried.map(statusOf)))).toEqual(new Set([503]))
    expect(performance.now() - hurriedAtMs).toBeGreaterThan(2000)
    expect(performance.now() - hurriedAtMs).toBeLessThan(3000)
    expect(proxy.tally()).toMatchObject({ holding: 110, held: 150 })

    // The target moves while everything is held, and the old drain still runs when it is resumed.
    proxy.after({ limits, held: 'all' })
    proxy.after({ limits })
    expect(new Set(await Promise.all(patient.map(statusOf)))).toEqual(new Set([200]))
    expect(patient.every((client) => client.text().endsWith('green'))).toBe(true)
    // On connections of their own, neighbours may overtake each other.
    const places = green.asked.map((asked) => Number(asked.slice('POST /'.length)) - 25)
    expect(places.toSorted((a, b) => a - b)).toEqual(patient.map((_, at) => at))
    expect(Math.max(...places.map((place, at) => Math.abs(place - at)))).toBeLessThan(15)
    expect((green.times.at(-1) ?? 0) - (green.times[0] ?? 0)).toBeGreaterThan(450)
    expect(blue.asked).toEqual(['GET /up'])
    expect(proxy.tally()).toMatchObject({ released: 110, refused: 115, holding: 0 })
    expect(proxy.tally().running[0]).toMatchObject({ id: 'shop.blue.0', requests: 1 })
  })

  it('of writes lets pass who only reads', async () => {
    proxy.before({ held: 'writes' })
    const writing = await post('/write')
    for (const method of ['GET', 'OPTIONS']) {
      const reading = await sending(`${method} /read HTTP/1.1\r\nHost: a\r\n\r\n`)
      expect(await statusOf(reading)).toBe(200)
    }
    expect(writing.text()).toBe('')
    expect(blue.asked).toEqual(['GET /read', 'OPTIONS /read'])
    proxy.before()
    expect(await statusOf(writing)).toBe(200)
  })

  it('keeps the body of an upload with its client, and passes it on whole', async () => {
    proxy.before({ held: 'all' })
    const size = 2_000_000
    const client = await sending(
      `PUT /upload HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`,
    )
    client.send('x'.repeat(size))
    await proxy.until(({ holding: now }) => now === 1)
    proxy.before()
    expect(await statusOf(client)).toBe(200)
  })

  it('lets go at once without a pace, and counts who went', async () => {
    proxy.before({ held: 'all' })
    const held = await holding(20)
    proxy.before()
    await Promise.all(held.map(statusOf))
    expect(proxy.tally()).toMatchObject({ held: 20, released: 20, refused: 0 })
  })
})
