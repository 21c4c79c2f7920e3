import { expect, it } from 'vitest'
import { freeAddress } from '../contract/router-world.ts'
import {
  type AppInstance,
  appInstance,
  proxyOfTwo,
  type ProxyOfTwo,
} from '../support/proxy-and-apps.ts'
import { rawClient } from '../support/raw-client.ts'

const outliers = {
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
const POSTS = 8

/** Sends so many on one connection, one after the other, and resolves with what was answered. */
async function posts(port: number, count: number): Promise<string[]> {
  const client = await rawClient(port)
  const answers: string[] = []
  for (let at = 0; at < count; at += 1) {
    const before = client.text().length
    client.send('POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 2\r\n\r\n42')
    const text = await client.until(new RegExp(`^[^]{${before}}HTTP[^]*\\r\\n\\r\\n[^]`))
    answers.push(text.slice(before + 9, before + 12))
  }
  client.destroy()
  return answers
}

/** The next process at the address of this one, which is gone. */
async function successorOf(old: AppInstance<unknown>, release: string) {
  await old.kill()
  return await appInstance(release, { args: [release, String(old.port)] })
}

const all = (world: ProxyOfTwo, port = world.port) => world.throughEach(() => posts(port, POSTS))
const each = Array.from({ length: POSTS }, () => '200')

it('a process at the address of an older one is not out because that one failed its users', async () => {
  // given an instance that is taken out
  const [old, other] = await Promise.all([appInstance('v1'), appInstance('v1', { slot: 1 })])
  const proxy = await proxyOfTwo()
  await proxy.serve([old.routed, other.routed], { traffic })
  old.tell('fail')
  await all(proxy)
  await proxy.until(({ instances: [first] }) => first?.ejected !== undefined)

  // when another process takes its slot and its address
  const next = await successorOf(old, 'v1')
  await proxy.serve([next.routed, other.routed], { traffic })

  // then both workers send requests there
  expect((await proxy.traffic()).instances[0]).not.toHaveProperty('ejected')
  expect(await all(proxy)).toEqual([each, each])
  expect((await next.report()).connections).toBe(2)
})

it('a process of another service at the address of an older one has connections of its own, for as long as it wants', async () => {
  // given an instance that closes its connections so soon that no idle one is used again for a POST
  const old = await appInstance('v1', { app: 'hasty', args: ['0'] })
  const proxy = await proxyOfTwo()
  await proxy.serve([old.routed])
  expect(await all(proxy)).toEqual([each, each])

  // when it is gone, and an instance of another service gets its address
  const stays = await appInstance('v2')
  await proxy.serve([stays.routed])
  const next = await successorOf(old, 'cart')
  const { route } = await proxy.traffic()
  const listen = await freeAddress()
  const routed = { ...next.routed, id: 'cart.v1.0' }
  const weights = { cart: 10_000 }
  await proxy.router.apply({ ...route, service: 'cart', listen, weights, instances: [routed] })

  // then each worker needs one connection to it for all that is asked, and nobody of the old service is sent there
  expect(await all(proxy, listen.port)).toEqual([each, each])
  expect(await all(proxy)).toEqual([each, each])
  const { asked, connections } = await next.report()
  expect(asked).toHaveLength(2 * POSTS)
  expect(connections).toBe(2)
})
