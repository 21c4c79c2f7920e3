import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { sizeOf } from '../../src/core/histogram.ts'
import { embeddedRouter, type EmbeddedRouter } from '../../src/drivers/routers/embedded/router.ts'
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

describe('how long answers take', () => {
  it('is seen of a release and of its instance, over all workers', async () => {
    for (let count = 0; count < 10; count += 1) await get(listen, '/')
    await seenIs(10)
    expect((await router.read('shop'))?.sights?.['v1']?.perSecond).toBe(1)
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
