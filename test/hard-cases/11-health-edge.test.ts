import { beforeEach, expect, it } from 'vitest'
import type { OutlierSpec } from '../../src/core/balance.ts'
import type { Ejected, Traffic } from '../../src/core/traffic.ts'
import {
  type AppInstance,
  appInstance,
  proxyOfTwo,
  type ProxyOfTwo,
  type ReleaseReport,
} from '../support/proxy-and-apps.ts'
import { rawClient } from '../support/raw-client.ts'
import { until } from '../support/until.ts'

const outliers: OutlierSpec = {
  consecutive: 3,
  share: 10_000,
  requests: 1_000,
  intervalMs: 60_000,
  ejectMs: 60_000,
  mostMs: 60_000,
  ejected: 5_000,
}
const traffic = {
  balance: { policy: 'round-robin', slowStartMs: 0, requestsPerInstance: 0, outliers },
} as const

let one: AppInstance<ReleaseReport>
let other: AppInstance<ReleaseReport>
let proxy: ProxyOfTwo

// given two instances that both workers send requests to
beforeEach(async () => {
  ;[one, other] = await Promise.all([appInstance('v1'), appInstance('v1', { slot: 1 })])
  proxy = await proxyOfTwo()
})

const routed = () => [one.routed, other.routed]

/** Asks so often on a new connection each time, and resolves with the statuses. */
async function asked(times: number): Promise<number[]> {
  const statuses: number[] = []
  for (let count = 0; count < times; count += 1) {
    const client = await rawClient(proxy.port)
    client.send('GET / HTTP/1.1\r\nHost: shop\r\n\r\n')
    statuses.push(Number((await client.until(/\r\n\r\n/)).slice(9, 12)))
    client.destroy()
  }
  return statuses
}

const statusesOf = (all: readonly (readonly number[])[]) => [...new Set(all.flat())]
const ejectionOf = ({ instances: [first] }: Traffic): Ejected | undefined => first?.ejected

it('a process that stands still for a moment is not taken out, and its requests are answered when it goes on', async () => {
  await proxy.serve(routed(), { traffic, ready: { timeoutMs: 1000, down: 3 } })

  // when it stands still for as long as one check may take, and requests come
  process.kill(one.pid, 'SIGSTOP')
  const answers = proxy.throughEach(() => asked(4))
  const stoodStill = performance.now()
  await until(
    async () => performance.now() - stoodStill,
    (ms) => ms > 1200,
  )
  process.kill(one.pid, 'SIGCONT')

  // then
  expect(statusesOf(await answers)).toEqual([200])
  expect((await proxy.traffic()).instances.map(({ health }) => health)).toEqual(['up', 'up'])
})

it('an instance that passes its checks and fails its users is taken out for both workers by what one of them sees', async () => {
  await proxy.serve(routed(), { traffic })

  // when it fails in one worker
  one.tell('fail')
  const [first] = await proxy.throughEach(() => asked(1 + 2 * outliers.consecutive))
  const { instances } = await proxy.until((now) => ejectionOf(now) !== undefined)

  // then neither sends anything there, though its checks pass
  expect(first).toContain(500)
  expect(instances[0]).toMatchObject({ health: 'up', ejected: { reason: expect.any(String) } })
  expect(statusesOf(await proxy.throughEach(() => asked(10)))).toEqual([200])
})

it('an instance that is ready and not ready in turns is kept out for a while', async () => {
  await proxy.serve(routed(), { traffic, ready: { down: 1 } })

  // when
  one.tell('flap')
  const now = await proxy.until((each) => ejectionOf(each) !== undefined)

  // then
  expect(ejectionOf(now)?.reason).toMatch(/^went down 3 times within \d+ s$/)
  const before = (await one.report()).asked.length
  expect(statusesOf(await proxy.throughEach(() => asked(10)))).toEqual([200])
  expect((await one.report()).asked).toHaveLength(before)
})

it('when the checks of all fail, requests go to them all the same', async () => {
  await proxy.serve(routed(), { traffic })

  // when
  for (const each of [one, other]) each.tell('sick')
  await proxy.until(({ instances }) => instances.every(({ health }) => health === 'down'))

  // then
  expect(statusesOf(await proxy.throughEach(() => asked(10)))).toEqual([200])
  expect(await proxy.traffic()).toMatchObject({ held: 0, refused: 0 })
  for (const each of [one, other]) expect((await each.report()).asked.length).toBeGreaterThan(0)
})
