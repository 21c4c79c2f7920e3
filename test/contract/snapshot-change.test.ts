import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Route } from '../../src/core/route.ts'
import { embeddedRouter, type EmbeddedRouter } from '../../src/drivers/routers/embedded/router.ts'
import { SnapshotJournal } from '../../src/proxy/snapshot-journal.ts'
import {
  freeAddress,
  get,
  testInstance,
  testRoute,
  until,
  type TestInstance,
} from './router-world.ts'

const CHANGES = 21
const INSTANCES = 10

interface World {
  readonly router: EmbeddedRouter
  readonly services: number
  readonly route: Route
  readonly startMs: number
  close(): Promise<void>
}

let instance: TestInstance
let small: World
let large: World

beforeAll(async () => {
  instance = await testInstance('v1')
  small = await proxyWith(10)
  large = await proxyWith(1_000)
})
afterAll(async () => {
  await Promise.all([small.close(), large.close()])
  await instance.close()
})

/** A proxy with so many services, of ten instances each; the first one's are real. */
async function proxyWith(services: number): Promise<World> {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'midflight-many-'))
  const { port } = await freeAddress()
  const routes = Array.from({ length: services }, (_, at) => routeOf(at, port))
  await mkdir(join(stateDirectory, 'proxy'))
  const journal = new SnapshotJournal(join(stateDirectory, 'proxy'))
  await journal.rewrite({ version: 1, routes })
  await journal.close()
  const router = embeddedRouter({ stateDirectory, workers: 2 })
  const startedAt = performance.now()
  await router.start()
  return {
    router,
    services,
    route: routes[0]!,
    startMs: performance.now() - startedAt,
    close: async () => {
      await router.stop({ drainMs: 0 })
      await rm(stateDirectory, { recursive: true })
    },
  }
}

/** Each on a loopback address of its own, so that they may share a port. */
function routeOf(at: number, port: number): Route {
  const service = `s${at}`
  const address = at === 0 ? instance.routed.address : { host: '127.0.0.1', port: 1 }
  const instances = Array.from({ length: INSTANCES }, (_, slot) => ({
    ...instance.routed,
    id: `${service}.v1.${slot}`,
    generation: `${service}-${slot}`,
    address,
  }))
  const listen = { host: `127.1.${at >> 8}.${at & 255}`, port }
  const route = testRoute(listen, { v1: 10_000 }, instances)
  return { ...route, service, ready: { ...route.ready, intervalMs: 1_000 } }
}

/** Resolves when every instance was checked for the first time: they are checked in their order. */
async function hasSettled({ router, services }: World): Promise<void> {
  const last = async () => (await router.read(`s${services - 1}`))?.instances.at(-1)
  await until(async () => (await router.read('s0'))?.instances[0]?.health === 'up')
  await until(async () => (await last())?.reason !== undefined)
}

/** How long a change of one service takes until every worker obeys it. */
async function change({ router, route }: World, count: number): Promise<number> {
  const limits = { ...route.limits, holdRequests: 1_000 + count }
  const startedAt = performance.now()
  await router.apply({ ...route, limits })
  return performance.now() - startedAt
}

const sorted = (all: readonly number[]) => all.toSorted((a, b) => a - b)
const median = (all: readonly number[]) => sorted(all)[all.length >> 1]!
/** What it costs where nothing else is in its way; the median is that of the machine as well. */
const quickest = (all: readonly number[]) => sorted(all)[0]!

describe('a change of one service', () => {
  it('costs what it changes: with a thousand services no more than three times as with ten, and no request', async () => {
    await Promise.all([hasSettled(small), hasSettled(large)])
    const over = new AbortController()
    let requests = 0
    const traffic = (async () => {
      while (!over.signal.aborted) {
        expect(await get(large.route.listen, '/')).toBe('v1')
        requests += 1
      }
    })()
    const took: { small: number[]; large: number[] } = { small: [], large: [] }
    for (let count = 0; count < CHANGES; count += 1) {
      took.small.push(await change(small, count))
      took.large.push(await change(large, count))
    }
    over.abort()
    await traffic
    const [few, many] = [quickest(took.small), quickest(took.large)]
    const inWords = (all: readonly number[]) =>
      `${quickest(all).toFixed(1)} ms (median ${median(all).toFixed(1)} ms)`
    console.log(
      `change: ${inWords(took.small)} with 10 services, ${inWords(took.large)} with 1,000; ` +
        `start: ${small.startMs.toFixed(0)} ms, ${large.startMs.toFixed(0)} ms; ${requests} requests meanwhile`,
    )
    expect(requests).toBeGreaterThan(0)
    expect(many).toBeLessThan(3 * few + 5)
  })
})

describe('the checks of ten thousand instances', () => {
  it('cost less than half a core', async () => {
    const { pid = 0 } = (await large.router.status()) ?? {}
    const [cpu, at] = [cpuMsOf(pid), performance.now()]
    await until(() => performance.now() > at + 2_000)
    const share = (cpuMsOf(pid) - cpu) / (performance.now() - at)
    console.log(`checks: ${(share * 100).toFixed(0)} % of a core`)
    expect(share).toBeLessThan(0.5)
  })
})

/** proc(5), fields 14 and 15: user and system time, in hundredths of a second. */
function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
