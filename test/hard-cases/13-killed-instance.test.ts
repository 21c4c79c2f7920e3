import { once } from 'node:events'
import { expect, it } from 'vitest'
import { h2Client } from '../support/h2-client.ts'
import { appInstance, proxyOfTwo } from '../support/proxy-and-apps.ts'
import { rawClient, type RawClient } from '../support/raw-client.ts'

const entry = { http2: true, proxyProtocol: false, trusted: [] }
/** Nobody but the users finds out that it is gone. */
const how = { traffic: { entry }, ready: { check: 'tcp', intervalMs: 60_000 } } as const
const BUSY = 4

async function asking(port: number, lines: string, body = ''): Promise<RawClient> {
  const client = await rawClient(port)
  client.send(`${lines} HTTP/1.1\r\nHost: shop\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  return client
}

/** The doomed one gets what comes next in either worker, because the good one is busy. */
async function world() {
  const good = await appInstance('v1')
  const doomed = await appInstance<never>('v1', { app: 'halfway', slot: 1 })
  const proxy = await proxyOfTwo()
  await proxy.serve([good.routed], how)
  let busy = 0
  await proxy.throughEach(async () => {
    for (let count = 0; count < BUSY; count += 1) await asking(proxy.port, 'GET /slow')
    busy += BUSY
    await proxy.until(({ instances }) => instances[0]?.requests === busy)
  })
  await proxy.serve([good.routed, doomed.routed], how)
  return { good, doomed, proxy }
}

it('when an instance is killed in the middle of an answer, the answer breaks off and never looks whole', async () => {
  // given answers of the doomed one that have begun, through both workers
  const { doomed, proxy } = await world()
  const begun = await proxy.throughEach(async () => {
    const length = await asking(proxy.port, 'GET /length')
    await length.until(/half$/)
    const chunked = await asking(proxy.port, 'GET /chunked')
    await chunked.until(/4\r\nhalf\r\n$/)
    const stream = (await h2Client(proxy.port)).request({ ':path': '/chunked' })
    await once(stream, 'data')
    return { length, chunked, stream }
  })

  // when
  const reset = begun.map(({ stream }) => once(stream, 'error'))
  await doomed.kill()

  // then
  for (const { length, chunked } of begun) {
    await Promise.all([length.over(), chunked.over()])
    expect(length.text()).toMatch(/^HTTP\/1\.1 200 (?:(?!HTTP)[^])*half$/)
    expect(chunked.text()).toMatch(/^HTTP\/1\.1 200 (?:(?!HTTP)[^])*4\r\nhalf\r\n$/)
  }
  await Promise.all(reset)
  const { counts } = await proxy.until(({ counts: now }) => now['v1']?.broken === 6)
  expect(counts['v1']).toMatchObject({ failed: 0, retried: 0 })
})

it('when an instance is killed before it answers, a GET is asked of another one and a plain POST is not, and nobody is sent there again', async () => {
  // given a GET and a POST in each worker that the doomed one has read
  const { good, doomed, proxy } = await world()
  const read = await proxy.throughEach(async () => {
    const clients: RawClient[] = []
    for (const lines of ['GET /nothing', 'POST /nothing']) {
      const hasRead = doomed.next()
      clients.push(await asking(proxy.port, lines, 'body'))
      await hasRead
    }
    return clients
  })

  // when
  await doomed.kill()

  // then
  for (const [get, post] of read) {
    expect(await get!.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 200 /)
    expect(await post!.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 502 /)
  }
  const after = await proxy.throughEach(async () => {
    const client = await asking(proxy.port, 'POST /after', 'body')
    return (await client.until(/\r\n\r\n/)).slice(9, 12)
  })
  expect(after).toEqual(['200', '200'])
  await proxy.until(({ instances: [, bad] }) => bad?.health === 'down')
  const { asked } = await good.report()
  expect(asked.filter(({ what }) => what.endsWith('/nothing'))).toHaveLength(2)
})
