import { connect } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { hashOfBody } from '../support/hashing-instance.ts'
import {
  type AppInstance,
  appInstance,
  type ProxyOfTwo,
  proxyOfTwo,
} from '../support/proxy-and-apps.ts'
import { rawClient, type RawClient } from '../support/raw-client.ts'

const KEY = 'Idempotency-Key: "8e03978e-40d5-43e8-bc93-6894a57f9324"\r\n'
const bodies = [0, 10_000, 5_000_000].map((size) => Buffer.alloc(size, 'midflight '))
const kinds = [
  { method: 'GET', lines: '', bodies: [bodies[0]!] },
  { method: 'PUT', lines: '', bodies },
  { method: 'POST', lines: '', bodies },
  { method: 'POST', lines: KEY, bodies },
]
const requests = kinds.flatMap(({ bodies: all, ...kind }) => all.map((body) => ({ ...kind, body })))
type Request = (typeof requests)[number]

/** What it is answered: its status, and the hash of what arrived. */
async function answerTo(client: RawClient, { method, lines, body }: Request): Promise<string> {
  const length = method === 'GET' ? '' : `Content-Length: ${body.length}\r\n`
  client.send(`${method} /upload HTTP/1.1\r\nHost: shop\r\n${lines}${length}\r\n`)
  client.socket.write(body)
  const whole = /^HTTP\/1\.1 (?:200 [^]*\b([0-9a-f]{64})|(502) [^]*\r\n\r\n)/
  const [, hash, status] = whole.exec(await client.until(whole))!
  client.destroy()
  return hash ?? status ?? ''
}

/** How an instance is that users are sent to, until somebody finds out: it is looked at once. */
const how = {
  ready: { check: 'tcp', intervalMs: 60_000, startupMs: 60_000 },
  limits: { connectMs: 300 },
} as const

/** One of `shop` whose process is gone. */
async function refusing(proxy: ProxyOfTwo, good: AppInstance<unknown>): Promise<void> {
  const bad = await appInstance('v1', { slot: 1 })
  await proxy.serve([good.routed, bad.routed], how)
  await bad.kill()
}

/** One of `shop` whose queue is full: the system drops what comes. */
async function silent(proxy: ProxyOfTwo, good: AppInstance<unknown>): Promise<void> {
  const bad = await appInstance('v1', { app: 'black-hole', slot: 1, args: [] })
  await proxy.serve([good.routed, bad.routed], how)
  for (let count = 0; count < 4; count += 1) {
    const filling = connect(bad.port, '127.0.0.1').on('error', () => undefined)
    onTestFinished(() => void filling.destroy())
  }
}

it.each([
  ['refuses', refusing],
  ['does not answer at all', silent],
])('an instance that %s costs no request of any kind', async (_, bringIn) => {
  // given a good instance and a bad one, and clients of the proxy
  const good = await appInstance('v1')
  const proxy = await proxyOfTwo()
  await bringIn(proxy, good)
  const all = [...requests, ...requests]
  const clients = await Promise.all(all.map(() => rawClient(proxy.port)))

  // when all ask at once
  const answers = await Promise.all(clients.map((each, at) => answerTo(each, all[at]!)))

  // then all are answered by the good one, with all that they sent, and the bad one is out
  expect(answers).toEqual(all.map(({ body }) => hashOfBody(body)))
  const { instances, counts } = await proxy.until(
    ({ instances: [, bad] }) => bad?.health === 'down',
  )
  expect(instances[0]?.health).toBe('up')
  expect(counts['v1']?.retried).toBeGreaterThan(0)
  expect((await good.report()).seen.broken).toBe(0)
})

it('an instance that reads a request and dies costs only those that must not be done twice', async () => {
  // given one that is busy in each worker, so that the deadly one is asked first
  const [good, bad] = await Promise.all([
    appInstance('v1'),
    appInstance<number>('v1', { app: 'deadly', slot: 1 }),
  ])
  const proxy = await proxyOfTwo()
  await proxy.serve([good.routed], how)
  let busy = 0
  await proxy.throughEach(async () => {
    const client = await rawClient(proxy.port)
    client.send('GET /slow HTTP/1.1\r\nHost: shop\r\n\r\n')
    busy += 1
    await proxy.until(({ instances }) => instances[0]?.requests === busy)
  })
  await proxy.serve([good.routed, bad.routed], how)

  // when requests of all kinds come to either worker
  const ask = async (request: Request) => await answerTo(await rawClient(proxy.port), request)
  const answers = await proxy.throughEach(async () => {
    const each: string[] = []
    for (const request of requests) each.push(await ask(request))
    return each
  })

  // then each is tried there once, and again at the good one unless it might be done twice
  const expected = requests.map(({ method, lines, body }) =>
    method === 'POST' && lines === '' ? '502' : hashOfBody(body),
  )
  expect(answers).toEqual([expected, expected])
  expect(await bad.report()).toBe(2 * requests.length)

  // and not more often than the budget of the service allows
  await proxy.route([good.routed, bad.routed], { ...how, limits: { ...how.limits, retries: 1000 } })
  const many = await proxy.throughEach(async () => {
    let retried = 0
    for (let count = 0; count < 100; count += 1)
      if ((await ask(requests[0]!)) !== '502') retried += 1
    return retried
  })
  for (const retried of many) expect(retried).toBeLessThanOrEqual(10)
  await proxy.until(({ retriesRefused }) => retriesRefused === 200 - many[0]! - many[1]!)
})
