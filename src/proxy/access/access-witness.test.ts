import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccessRecord } from '../../core/access.ts'
import { createDataPlane } from '../plane/data-plane.ts'
import type { DataPlane } from '../plane/data-plane-port.ts'
import { instanceAt } from '../../../test/support/plane-under-test.ts'
import { rawClient, type RawClient } from '../../../test/support/raw-client.ts'
import { rawInstance, type RawInstance } from '../../../test/support/raw-instance.ts'
import { sightRoute } from '../../../test/support/sight-route.ts'

let plane: DataPlane
let server: Server
let instance: RawInstance
let client: RawClient
let records: AccessRecord[]

beforeEach(async () => {
  records = []
  plane = createDataPlane({
    onRefused: () => undefined,
    onAccess: (record) => void records.push(record),
  })
  server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  plane.serve('shop', server)
  instance = await rawInstance((socket, received) => {
    if (received.startsWith('GET /late')) return
    if (received.startsWith('POST /gone')) socket.destroy()
    else socket.write('HTTP/1.1 200 OK\r\nSet-Cookie: secret=1\r\nContent-Length: 5\r\n\r\nhello')
  })
  obey(10_000)
  up()
  client = await rawClient((server.address() as AddressInfo).port)
})
afterEach(async () => {
  client.destroy()
  server.close()
  await instance.close()
})

const obey = (logged: number): void =>
  plane.apply([sightRoute([instanceAt(instance.port)], { v1: 10_000 }, { logged })])

function up(): void {
  const { id, generation } = instanceAt(instance.port)
  plane.mark([{ id, generation, health: 'up' }])
}

const record = async (): Promise<AccessRecord> => {
  await expect.poll(() => records.length).toBe(1)
  return records[0]!
}

describe('the record of a request', () => {
  it('tells who asked for what, who answered, how much and how long it took', async () => {
    client.send(
      'PUT /cart/1?user=7&page=2&user=8 HTTP/1.1\r\nHost: shop\r\nContent-Length: 3\r\n\r\nabc',
    )
    await client.until(/hello$/)
    const { at, id, ms, firstByteMs, ...rest } = await record()
    expect(rest).toEqual({
      service: 'shop',
      release: 'v1',
      instance: 'shop.v1.0',
      why: 'weights',
      method: 'PUT',
      path: '/cart/1',
      query: ['user', 'page'],
      status: 200,
      by: 'app',
      end: 'complete',
      bytesIn: 3,
      bytesOut: 5,
      client: '127.0.0.1',
      retries: 0,
      heldMs: 0,
      protocol: 'HTTP/1.1',
    })
    expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(10_000)
    expect(ms).toBeGreaterThanOrEqual(firstByteMs!)
    expect(instance.received()).toContain(`X-Request-Id: ${id}\r\n`)
  })

  it('holds no credential, no cookie and no value of a query', async () => {
    client.send(
      'GET /?token=hidden HTTP/1.1\r\nHost: shop\r\nCookie: a=hidden\r\nAuthorization: Bearer hidden\r\n\r\n',
    )
    await client.until(/hello$/)
    expect(JSON.stringify(await record())).not.toMatch(/hidden|secret/)
  })

  it('tells when the proxy answered instead', async () => {
    client.send('POST /gone HTTP/1.1\r\nHost: shop\r\nContent-Length: 0\r\n\r\n')
    await client.until(/502/)
    expect(await record()).toMatchObject({ status: 502, by: 'proxy', instance: 'shop.v1.0' })
  })

  it('tells when the client did not wait', async () => {
    client.send('GET /late HTTP/1.1\r\nHost: shop\r\n\r\n')
    await expect.poll(() => instance.received()).toContain('/late')
    client.destroy()
    const seen = await record()
    expect(seen).toMatchObject({ end: 'left' })
    expect(seen.status).toBeUndefined()
  })

  it('tells how long it had to wait for an instance', async () => {
    plane.apply([sightRoute([], {}, { logged: 10_000 })])
    client.send('GET / HTTP/1.1\r\nHost: shop\r\n\r\n')
    await expect.poll(() => plane.tally()['shop']?.holding).toBe(1)
    obey(10_000)
    up()
    await client.until(/hello$/)
    const { heldMs, ms } = await record()
    expect(heldMs).toBeGreaterThan(0)
    expect(ms).toBeGreaterThanOrEqual(heldMs)
  })
})

describe('requests stand in the access log', () => {
  it('all of them, each once, also on one connection', async () => {
    for (let count = 1; count <= 3; count += 1) {
      client.send('GET / HTTP/1.1\r\nHost: shop\r\n\r\n')
      await client.until(new RegExp(`(hello[^]*){${count}}$`))
    }
    await expect.poll(() => records.length).toBe(3)
    expect(new Set(records.map(({ id }) => id)).size).toBe(3)
  })

  it('not when that is off', async () => {
    obey(0)
    client.send('GET / HTTP/1.1\r\nHost: shop\r\n\r\n')
    await client.until(/hello$/)
    expect(records).toEqual([])
  })

  it('in the share that is asked for', async () => {
    obey(2500)
    client.send('GET / HTTP/1.1\r\nHost: shop\r\n\r\n'.repeat(400))
    await expect.poll(() => client.text().split('hello').length - 1).toBe(400)
    expect(records.length).toBeGreaterThan(50)
    expect(records.length).toBeLessThan(150)
  })
})
