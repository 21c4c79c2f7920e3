import { mkdtemp, rm } from 'node:fs/promises'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { readAccessLog } from '../../src/app/read-access-log.ts'
import { sizeOf } from '../../src/core/histogram.ts'
import { embeddedRouter, type EmbeddedRouter } from '../../src/drivers/routers/embedded/router.ts'
import type { ServiceSights } from '../../src/proxy/sight/service-total.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import {
  freeAddress,
  get,
  testInstance,
  testRoute,
  until,
  type TestInstance,
} from './router-world.ts'

let stateDirectory: string
let router: EmbeddedRouter
let listen: Address
let v1: TestInstance

beforeEach(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'midflight-sight-'))
  ;[v1, listen] = await Promise.all([testInstance('v1'), freeAddress()])
  router = embeddedRouter({ stateDirectory, workers: 2 })
  await router.apply(testRoute(listen, { v1: 10_000 }, [v1.routed]))
})
afterEach(async () => {
  await router.stop({ drainMs: 0 })
  await v1.close()
  await rm(stateDirectory, { recursive: true })
})

async function seen(): Promise<readonly number[]> {
  const traffic = await router.read('shop')
  const sights = [traffic?.sights?.['v1'], traffic?.instances[0]?.sight]
  return sights.map((sight) => sizeOf(sight?.cells[0]?.whole ?? []))
}

const seenIs = (count: number) => until(async () => (await seen()).every((each) => each === count))

describe('the access log', () => {
  it('has every request that the workers carried, and is read by service', async () => {
    const route = testRoute(listen, { v1: 10_000 }, [v1.routed])
    await router.apply({ ...route, traffic: { logged: 10_000 } })
    for (let count = 0; count < 10; count += 1) await get(listen, `/cart?count=${count}`)
    const read = readAccessLog(stateDirectory, systemClock)
    const signal = AbortSignal.timeout(20_000)
    const filter = { lines: 100, follow: false }
    await until(async () => (await Array.fromAsync(read('shop', filter, signal))).length === 10)
    const [first] = await Array.fromAsync(read('shop', { ...filter, lines: 1 }, signal))
    expect(first).toMatchObject({ instance: 'shop.v1.0', path: '/cart', query: ['count'] })
    expect(await Array.fromAsync(read('other', filter, signal))).toEqual([])
  })

  it('has the last requests too, when the proxy ends', async () => {
    const route = testRoute(listen, { v1: 10_000 }, [v1.routed])
    await router.apply({ ...route, traffic: { logged: 10_000 } })
    await get(listen, '/last')
    await router.stop({ drainMs: 1000 })
    await router.start()
    const read = readAccessLog(stateDirectory, systemClock)
    const filter = { lines: 100, follow: true }
    for await (const record of read('shop', filter, AbortSignal.timeout(20_000))) {
      expect(record.path).toBe('/last')
      break
    }
  })
})

describe('how long answers take', () => {
  it('is seen of a release and of its instance, over all workers', async () => {
    for (let count = 0; count < 10; count += 1) await get(listen, '/')
    await seenIs(10)
    expect((await router.read('shop'))?.sights?.['v1']?.perSecond).toBe(1)
  })

  it('is told to who has a cursor only where it changed', async () => {
    for (let count = 0; count < 10; count += 1) await get(listen, '/')
    await seenIs(10)
    const socketPath = join(stateDirectory, 'proxy', 'control.sock')
    const since = async (cursor: number) => {
      const asked = request({ socketPath, path: `/routes/shop/sights?since=${cursor}` }).end()
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      return (await json(answer)) as ServiceSights
    }
    const first = await since(0)
    expect(first.releases['v1']?.cells).toHaveLength(1)
    expect((await since(first.cursor)).releases['v1']?.cells).toEqual([])
    await get(listen, '/')
    await until(async () => (await since(first.cursor)).releases['v1']?.cells.length === 1)
  })

  it('is not forgotten with a worker', async () => {
    for (let count = 0; count < 10; count += 1) await get(listen, '/')
    await seenIs(10)
    for (const { pid } of (await router.status())?.workers ?? []) process.kill(pid, 'SIGKILL')
    await get(listen, '/')
    await seenIs(11)
  })

  it('is not forgotten with the proxy', async () => {
    for (let count = 0; count < 10; count += 1) await get(listen, '/')
    await seenIs(10)
    await router.stop({ drainMs: 1000 })
    await router.start()
    expect(await seen()).toEqual([10, 10])
  })
})
