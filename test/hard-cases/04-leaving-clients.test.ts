import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { appInstance, proxyOfTwo } from '../support/proxy-and-apps.ts'
import { rawClient, type RawClient } from '../support/raw-client.ts'

/** Through each worker. */
const SENDERS = 125
const SILENT = 25
/** Idle connections stay open for at least this long. */
const GRACE_MS = 1000

async function idleClient(port: number): Promise<RawClient> {
  const client = await rawClient(port)
  client.send('GET / HTTP/1.1\r\nHost: shop\r\n\r\n')
  await client.until(/blue$/)
  return client
}

const several = (port: number, count: number): Promise<RawClient[]> =>
  Promise.all(Array.from({ length: count }, () => idleClient(port)))

it('when the proxy leaves, no idle client is reset or loses a POST: who sends is answered, the others are let go one by one', async () => {
  // given idle clients on both workers
  const blue = await appInstance('blue')
  const proxy = await proxyOfTwo()
  await proxy.serve([blue.routed])
  const senders = (await proxy.throughEach(() => several(proxy.port, SENDERS))).flat()
  const silent = (await proxy.throughEach(() => several(proxy.port, SILENT))).flat()
  const before = (await blue.report()).asked.length

  // when the proxy ends, and most of them send something just then
  const beganAtMs = performance.now()
  const ended = proxy.router.stop({ drainMs: 20_000 })
  const sending = senders.map(async (client) => {
    await sleep(Math.random() * 0.6 * GRACE_MS)
    client.send('POST /pay HTTP/1.1\r\nHost: shop\r\nContent-Length: 2\r\n\r\n42')
    const got = await client.until(/blue[^]*blue$/)
    return {
      isLast: /Connection: close\r\n/i.test(got.slice(got.indexOf('blue'))),
      how: await client.over(),
    }
  })
  const leaving = silent.map(async (client) => ({
    how: await client.over(),
    afterMs: performance.now() - beganAtMs,
  }))

  // then each POST is answered once, nearly always by an answer that says it was the last, and nobody is reset
  const sent = await Promise.all(sending)
  expect(new Set(sent.map(({ how }) => how))).toEqual(new Set(['end']))
  expect(sent.filter(({ isLast }) => isLast).length).toBeGreaterThan(1.5 * SENDERS)
  const { asked } = await blue.report()
  expect(asked.slice(before).map(({ what }) => what)).toEqual(senders.map(() => 'POST /pay'))

  // and the others are let go after the grace, not together, and the proxy has ended when they have
  const left = (await Promise.all(leaving)).toSorted((a, b) => a.afterMs - b.afterMs)
  expect(new Set(left.map(({ how }) => how))).toEqual(new Set(['end']))
  expect(left[0]!.afterMs).toBeGreaterThanOrEqual(GRACE_MS)
  expect(left.at(-1)!.afterMs - left[0]!.afterMs).toBeGreaterThan(100)
  await ended
  expect(performance.now() - beganAtMs).toBeLessThan(10_000)
})
