import { once } from 'node:events'
import { Agent } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Router } from '../../src/core/router.ts'
import type { Address } from '../../src/core/address.ts'
import { NO_COUNTS, since } from '../../src/core/traffic.ts'
import {
  freeAddress,
  get,
  healthOf,
  testInstance,
  testRoute,
  until,
  type TestInstance,
} from './router-world.ts'

export interface RouterUnderTest {
  readonly router: Router
  dispose(): Promise<void>
}

/** What every Router must do, whatever carries its traffic. */
export function testRouter(name: string, make: () => Promise<RouterUnderTest>): void {
  describe(`the ${name} router`, () => {
    let under: RouterUnderTest
    let router: Router
    let listen: Address
    let v1: TestInstance
    let v2: TestInstance

    beforeAll(async () => {
      under = await make()
      router = under.router
    })
    afterAll(async () => await under.dispose())
    beforeEach(async () => {
      ;[v1, v2, listen] = await Promise.all([testInstance('v1'), testInstance('v2'), freeAddress()])
    })
    afterEach(async () => {
      await router.remove('shop')
      await Promise.all([v1.close(), v2.close()])
    })

    const allTo = (release: 'v1' | 'v2') =>
      testRoute(listen, { v1: 0, v2: 0, [release]: 10_000 }, [v1.routed, v2.routed])
    const bothUp = async () => {
      await until(async () => (await healthOf(router, v1.routed.id)) === 'up')
      await until(async () => (await healthOf(router, v2.routed.id)) === 'up')
    }

    it('carries a request once the route is applied', async () => {
      await router.apply(allTo('v1'))
      expect(await get(listen, '/')).toBe('v1')
    })

    it('tells what was applied', async () => {
      expect(await router.read('shop')).toBeUndefined()
      await router.apply(allTo('v1'))
      expect((await router.read('shop'))?.route).toEqual(allTo('v1'))
      await router.apply(allTo('v2'))
      expect((await router.read('shop'))?.route).toEqual(allTo('v2'))
    })

    it('does nothing new when the same route is applied twice', async () => {
      await router.apply(allTo('v1'))
      await bothUp()
      await router.apply(allTo('v1'))
      expect(await healthOf(router, v1.routed.id)).toBe('up')
      expect(await get(listen, '/')).toBe('v1')
    })

    it('sends every new request where the route says, from the moment apply resolves', async () => {
      await router.apply(allTo('v1'))
      await bothUp()
      const kept = new Agent({ keepAlive: true })
      for (const release of ['v2', 'v1', 'v2', 'v1'] as const) {
        await router.apply(allTo(release))
        const fresh = await Promise.all(Array.from({ length: 10 }, () => get(listen, '/')))
        expect(new Set([...fresh, await get(listen, '/', kept)])).toEqual(new Set([release]))
      }
      kept.destroy()
    })

    it('lets a request finish on an instance that leaves the route meanwhile', async () => {
      await router.apply(allTo('v1'))
      const slow = get(listen, '/slow')
      await until(() => v1.slowWaits())
      await router.apply(testRoute(listen, { v2: 10_000 }, [v2.routed]))
      expect(await get(listen, '/')).toBe('v2')
      v1.release()
      expect(await slow).toBe('v1')
    })

    it('counts what runs on an instance, also while it is draining', async () => {
      await router.apply(allTo('v1'))
      await bothUp()
      const slow = get(listen, '/slow')
      await until(() => v1.slowWaits())
      await router.apply(
        testRoute(listen, { v2: 10_000 }, [{ ...v1.routed, state: 'draining' }, v2.routed]),
      )
      const requestsOnV1 = async () => (await router.read('shop'))?.instances[0]?.requests
      expect(await requestsOnV1()).toBe(1)
      v1.release()
      expect(await slow).toBe('v1')
      await until(async () => (await requestsOnV1()) === 0)
    })

    it('closes a WebSocket with 1012 when its instance drains, as the route says, and none before', async () => {
      const ending = { stayMs: 0, spreadMs: 50, reconnectsPerSecond: 0 }
      const route = { ...allTo('v1'), traffic: { ending } }
      await router.apply(route)
      await bothUp()
      const socket = new WebSocket(`ws://${listen.host}:${listen.port}/`)
      const closed = once(socket, 'close')
      await once(socket, 'message')
      await router.apply({ ...route, limits: { ...route.limits, headMs: 9000 } })
      expect(socket.readyState).toBe(WebSocket.OPEN)
      const instances = [{ ...v1.routed, state: 'draining' as const }, v2.routed]
      await router.apply({ ...route, weights: { v2: 10_000 }, instances })
      expect((await closed)[0]).toBe(1012)
      await until(async () => (await router.read('shop'))?.instances[0]?.upgrades === 0)
      expect((await router.read('shop'))?.counts['v1']?.closed).toBe(1)
    })

    it('counts answers by release', async () => {
      await router.apply(allTo('v1'))
      const counts = async () => (await router.read('shop'))?.counts['v1'] ?? NO_COUNTS
      const before = await counts()
      for (let count = 0; count < 5; count += 1) await get(listen, '/')
      await until(async () => since(before, await counts()).answers[2] === 5)
      expect(since(before, await counts())).toMatchObject({ requests: 5, failed: 0 })
    })

    it('refuses a faulty route and changes nothing', async () => {
      await router.apply(allTo('v1'))
      const faulty = { ...allTo('v1'), weights: { v1: 9_000 } }
      await expect(router.apply(faulty)).rejects.toMatchObject({ code: 'route-faulty' })
      expect((await router.read('shop'))?.route).toEqual(allTo('v1'))
      expect(await get(listen, '/')).toBe('v1')
    })

    it('moves to another port without leaving anything on the old one', async () => {
      await router.apply(allTo('v1'))
      const elsewhere = await freeAddress()
      await router.apply({ ...allTo('v1'), listen: elsewhere })
      expect(await get(elsewhere, '/')).toBe('v1')
      await expect(get(listen, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    })

    it('leaves nothing of a service that is removed, and removes it twice without complaint', async () => {
      await router.apply(allTo('v1'))
      expect(await get(listen, '/')).toBe('v1')
      await router.remove('shop')
      expect(await router.read('shop')).toBeUndefined()
      await expect(get(listen, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
      await router.remove('shop')
    })
  })
}
