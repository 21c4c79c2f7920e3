import { expect, it } from 'vitest'
import type { Traffic } from '../../src/core/traffic.ts'
import { appInstance, draining, proxyOfTwo, type ProxyOfTwo } from '../support/proxy-and-apps.ts'
import { rawClient, type RawClient } from '../support/raw-client.ts'

/** Through each worker. */
const PATIENT = 75
const LEAVING = 25
const HURRIED = 15
const TOO_MANY = 50
/** A worker counts its own. */
const MOST = PATIENT + LEAVING + HURRIED
const RATE = 100
const ANSWERED = /^HTTP\/1\.1 (\d+)[^]*\r\n\r\n[^]/

const statusOf = async (client: RawClient): Promise<number> =>
  Number(ANSWERED.exec(await client.until(ANSWERED))?.[1])
const statusesOf = async (clients: readonly RawClient[]): Promise<ReadonlySet<number>> =>
  new Set(await Promise.all(clients.map(statusOf)))

/** One after the other, so that their order is known. */
async function asking(port: number, count: number, lines: string): Promise<RawClient[]> {
  const clients: RawClient[] = []
  for (let at = 0; at < count; at += 1) {
    const client = await rawClient(port)
    client.send(`${lines.replace('*', String(at))} HTTP/1.1\r\nHost: shop\r\nContent-Length: 0\r\n`)
    client.send(lines.includes('hurried') ? 'X-Request-Timeout: 2\r\n\r\n' : '\r\n')
    clients.push(client)
  }
  return clients
}

/** Fills the one worker that takes connections. */
async function filled(proxy: ProxyOfTwo, name: string) {
  const before = (await proxy.traffic()).holding
  const holding = (more: number) => (now: Traffic) => now.holding === before + more
  const leaving = await asking(proxy.port, LEAVING, `POST /${name}-leaving-*`)
  const patient = await asking(proxy.port, PATIENT, `POST /${name}-*`)
  await proxy.until(holding(LEAVING + PATIENT))
  const hurriedAtMs = performance.now()
  const hurried = await asking(proxy.port, HURRIED, `POST /${name}-hurried-*`)
  await proxy.until(holding(MOST))
  expect(await statusesOf(await asking(proxy.port, TOO_MANY, 'GET /'))).toEqual(new Set([503]))
  expect(await statusesOf(await asking(proxy.port, 1, 'GET /up'))).toEqual(new Set([200]))
  expect(await statusesOf(hurried)).toEqual(new Set([503]))
  const hurriedMs = performance.now() - hurriedAtMs
  for (const client of leaving) client.destroy()
  await proxy.until(holding(PATIENT))
  return { patient, hurriedMs }
}

it('requests wait while the target changes: what is too much is refused, who leaves is forgotten, deadlines are kept, the rest goes in order at a pace', async () => {
  // given a request that runs on blue for long, and both workers full of those that wait
  const [blue, green] = await Promise.all([appInstance('blue'), appInstance('green')])
  const proxy = await proxyOfTwo()
  const how = { limits: { holdRequests: MOST, holdMs: 60_000, releasedPerSecond: RATE } }
  await proxy.serve([blue.routed, green.routed], how)
  const [slow] = await asking(proxy.port, 1, 'GET /begun')
  await slow!.until(/begun/)
  await proxy.route([blue.routed, green.routed], { ...how, held: 'all' })
  const names = ['one', 'other']
  const waiting = await proxy.throughEach(() => filled(proxy, names.shift()!))

  // when the target changes, and they are let go while blue still drains
  await proxy.route([draining(blue), green.routed], { ...how, held: 'all' })
  await proxy.route([draining(blue), green.routed], how)

  // then those who have stayed are answered by green, at the pace of both workers together, in the order they came
  const patient = waiting.flatMap((each) => each.patient)
  expect(await statusesOf(patient)).toEqual(new Set([200]))
  const { asked } = await green.report()
  expect(asked).toHaveLength(2 * PATIENT)
  expect(asked.at(-1)!.atMs - asked[0]!.atMs).toBeGreaterThan(0.75 * 1000 * (asked.length / RATE))
  for (const name of ['one', 'other']) {
    const its = asked.filter(({ what }) => what.startsWith(`POST /${name}-`))
    const places = its.map(({ what }) => Number(what.split('-')[1]))
    // On connections of their own, neighbours may overtake each other.
    expect(Math.max(...places.map((place, at) => Math.abs(place - at)))).toBeLessThan(15)
  }

  // and the others have had what they were promised, and nobody was sent to blue
  for (const { hurriedMs } of waiting) {
    expect(hurriedMs).toBeGreaterThan(2000)
    expect(hurriedMs).toBeLessThan(4000)
  }

  expect((await blue.report()).asked).toMatchObject([{ what: 'GET /begun' }])
  const now = await proxy.until(({ holding }) => holding === 0)
  expect(now).toMatchObject({ released: 2 * PATIENT, refused: 2 * (TOO_MANY + HURRIED) })
  expect(now.instances[0]?.requests).toBe(1)
})

it('while only writes are held, who reads is answered', async () => {
  // given a route that holds writes, in both workers
  const blue = await appInstance('blue')
  const proxy = await proxyOfTwo()
  await proxy.serve([blue.routed], { held: 'writes' })

  // when both kinds come
  const writing = (await proxy.throughEach(() => asking(proxy.port, 3, 'POST /write'))).flat()
  const reading = await proxy.throughEach(async () =>
    statusesOf(await asking(proxy.port, 3, 'GET /read')),
  )

  // then only writes wait, until they need not
  expect(reading).toEqual([new Set([200]), new Set([200])])
  await proxy.until(({ holding }) => holding === writing.length)
  expect(writing.map((client) => client.text()).join('')).toBe('')
  await proxy.route([blue.routed])
  expect(await statusesOf(writing)).toEqual(new Set([200]))
})
