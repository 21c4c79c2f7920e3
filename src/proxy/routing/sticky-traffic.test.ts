import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { jars, type Jar, type Visit, visits } from '../../../test/support/jars.ts'
import {
  instanceAt,
  LIMITS,
  planeUnderTest,
  type PlaneUnderTest,
} from '../../../test/support/plane-under-test.ts'
import { rawClient } from '../../../test/support/raw-client.ts'
import { rawInstance } from '../../../test/support/raw-instance.ts'
import type { Route, RouteInstance, Weights } from '../../core/route.ts'
import type { StickySpec } from '../../core/rule.ts'
import type { TrafficSpec } from '../../core/service.ts'

const BY_COOKIE: StickySpec = { by: { kind: 'cookie' }, forMs: 0, scope: 'instance' }

let proxy: PlaneUnderTest
const open: (() => unknown)[] = []

beforeEach(async () => {
  proxy = await planeUnderTest()
})

afterEach(async () => {
  await proxy.close()
  for (const close of open.splice(0)) await close()
})

interface Running {
  readonly instance: RouteInstance
  end(): Promise<void>
}

/** An instance that answers with its id, or changes to WebSocket. */
async function running(release: string, slot: number): Promise<Running> {
  const id = `shop.${release}.${slot}`
  const made = await rawInstance((socket, received) => {
    if (received.startsWith('GET /never ')) return
    if (/upgrade: websocket/i.test(received))
      socket.write('HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    else
      for (let at = 0; (at = received.indexOf('\r\n\r\n', at) + 4) > 3;)
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${id.length}\r\n\r\n${id}`)
  })
  open.push(() => made.close())
  return { instance: instanceAt(made.port, release, slot), end: () => made.close() }
}

const release = (name: string, count = 3) =>
  Promise.all(Array.from({ length: count }, (_, slot) => running(name, slot)))

function route(
  instances: readonly Running[],
  weights: Weights,
  traffic: TrafficSpec = { sticky: BY_COOKIE },
): void {
  const wanted: Route = {
    service: 'shop',
    listen: { host: '127.0.0.1', port: 1 },
    weights,
    instances: instances.map(({ instance }) => instance),
    ready: { path: '/', intervalMs: 1000, timeoutMs: 1000, up: 1, down: 1, startupMs: 1000 },
    limits: LIMITS,
    traffic,
    roles: { stable: 'v1', candidate: 'v2' },
  }
  proxy.plane.apply([wanted])
  proxy.up(...wanted.instances)
}

const visit = async (jar: Jar, lines: readonly string[] = [], path = '/'): Promise<Visit> =>
  (await visits(proxy.port, [jar], lines, path))[0]!

const releaseOf = ({ by }: Visit) => by.split('.')[1]!
const shareOf = (name: string, seen: readonly Visit[]) =>
  seen.filter((each) => releaseOf(each) === name).length / seen.length

describe('a thousand users with cookies', () => {
  it('move to the new release and never back, all return at a rollback, and each stays on its instance', async () => {
    const both = [...(await release('v1')), ...(await release('v2'))]
    const users = jars(1000)
    const rounds: Visit[][] = []
    for (const v2 of [500, 2500, 5000, 10_000, 0]) {
      route(both, { v1: 10_000 - v2, v2 })
      const seen = await visits(proxy.port, users)
      expect(seen.filter(({ status }) => status !== 200)).toEqual([])
      expect(Math.abs(shareOf('v2', seen) - v2 / 10_000)).toBeLessThan(0.07)
      expect((await visits(proxy.port, users)).map(({ by }) => by)).toEqual(
        seen.map(({ by }) => by),
      )
      rounds.push(seen)
    }
    const [five, twentyFive, half, all, none] = rounds.map((seen) => seen.map(releaseOf))
    const back = (before: readonly string[], after: readonly string[]) =>
      before.filter((name, at) => name === 'v2' && after[at] === 'v1')
    expect(back(five!, twentyFive!)).toEqual([])
    expect(back(twentyFive!, half!)).toEqual([])
    expect(new Set(all)).toEqual(new Set(['v2']))
    expect(new Set(none)).toEqual(new Set(['v1']))
    const before = rounds[0]!
    const home = before.filter(
      (each, at) => releaseOf(each) === 'v1' && each.by !== rounds[4]![at]?.by,
    )
    expect(home).toEqual([])
  })

  it('lose nothing but their instance when it is killed, and stay where they came', async () => {
    const all = await release('v1')
    route(all, { v1: 10_000 })
    const users = jars(300)
    const before = await visits(proxy.port, users)
    await all[0]!.end()
    const after = await visits(proxy.port, users)
    expect(after.filter(({ status }) => status !== 200)).toEqual([])
    for (const [at, each] of before.entries()) {
      if (each.by === 'shop.v1.0') expect(after[at]?.by).not.toBe('shop.v1.0')
      else expect(after[at]?.by).toBe(each.by)
    }
    expect((await visits(proxy.port, users)).map(({ by }) => by)).toEqual(after.map(({ by }) => by))
  })

  it('all find the one instance that is left after scaling from three to one', async () => {
    const all = await release('v1')
    route(all, { v1: 10_000 })
    const users = jars(300)
    await visits(proxy.port, users)
    route(all.slice(1, 2), { v1: 10_000 })
    const after = await visits(proxy.port, users)
    expect(new Set(after.map(({ status, by }) => `${status} ${by}`))).toEqual(
      new Set(['200 shop.v1.1']),
    )
  })
})

describe('a user whose instance is full', () => {
  it('is answered by another one, and comes back', async () => {
    const balance = {
      policy: 'least-loaded',
      slowStartMs: 0,
      requestsPerInstance: 1,
    } as const
    const all = await release('v1', 2)
    route(all, { v1: 10_000 }, { sticky: BY_COOKIE, balance })
    const jar: Jar = {}
    const home = await visit(jar)
    const stuck = await rawClient(proxy.port)
    open.push(() => stuck.destroy())
    stuck.send(`GET /never HTTP/1.1\r\nHost: a\r\nCookie: ${jar.cookie}\r\n\r\n`)
    await proxy.until(({ running }) => running.some(({ requests }) => requests === 1))
    const away = await visit(jar)
    expect(away).toMatchObject({ status: 200, cookie: undefined })
    expect(away.by).not.toBe(home.by)
    stuck.destroy()
    await proxy.until(({ running }) => running.every(({ requests }) => requests === 0))
    expect((await visit(jar)).by).toBe(home.by)
  })
})

describe('the cookie', () => {
  it('is given once, and not to shared caches', async () => {
    route(await release('v1'), { v1: 10_000 })
    const jar: Jar = {}
    const first = await visit(jar)
    expect(first.head).toMatch(
      /Set-Cookie: midflight-shop=1\.[\w.-]+; Path=\/; HttpOnly; SameSite=Lax\r\nCache-Control: private\r\n/,
    )
    const second = await visit(jar)
    expect(second.head).not.toMatch(/set-cookie|cache-control/i)
  })

  it('is replaced when it is forged, of another service, or damaged, and the request is answered', async () => {
    route(await release('v1'), { v1: 10_000 })
    const jar: Jar = {}
    const { cookie = '' } = await visit(jar)
    for (const bad of [
      `${cookie.slice(0, -4)}AAAA`,
      cookie.slice(0, 30),
      'midflight-shop=1.a.b.c.d',
    ]) {
      const answered = await visit({ cookie: bad })
      expect(answered).toMatchObject({
        status: 200,
        cookie: expect.stringMatching(/^midflight-shop=1/),
      })
      expect(answered.cookie).not.toBe(cookie)
    }
    expect((await visit({ cookie: `midflight-shop=planted; ${cookie}` })).cookie).toBeUndefined()
  })

  it('does not bind to a new process at the address of the old one', async () => {
    const [one, other] = await release('v1', 2)
    route([one!, other!], { v1: 10_000 })
    const users = jars(50)
    await visits(proxy.port, users)
    const reborn = { ...one!, instance: { ...one!.instance, generation: 'later' } }
    route([reborn, other!], { v1: 10_000 })
    const after = await visits(proxy.port, users)
    expect(after.every(({ status }) => status === 200)).toBe(true)
    const given = after.filter(({ cookie }) => cookie !== undefined)
    expect(given.length).toBeGreaterThan(0)
    expect(given.length).toBeLessThan(50)
    expect((await visits(proxy.port, users)).filter(({ cookie }) => cookie)).toEqual([])
  })

  it('comes with the answer that opens a WebSocket', async () => {
    route(await release('v1'), { v1: 10_000 })
    const client = await rawClient(proxy.port)
    open.push(() => client.destroy())
    client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    expect(await client.until(/\r\n\r\n/)).toMatch(
      /^HTTP\/1.1 101 [^]*\r\nSet-Cookie: midflight-shop=1/,
    )
    expect(client.text()).not.toMatch(/cache-control/i)
  })

  it('is not spoken of when nobody asked for it', async () => {
    route(await release('v1'), { v1: 10_000 }, {})
    expect((await visit({})).head).not.toMatch(/set-cookie|cache-control/i)
  })
})

describe('users known by a key of their own', () => {
  it.each([
    ['a header', { kind: 'header', name: 'X-User' }, (user: string) => [`x-user: ${user}`]],
    [
      'a cookie of the application',
      { kind: 'application-cookie', name: 'session' },
      (user: string) => ['Cookie: a=b', `Cookie: session=${user}`],
    ],
  ] as const)('stay where they are by %s', async (_name, by, lines) => {
    const both = [...(await release('v1')), ...(await release('v2'))]
    route(both, { v1: 5000, v2: 5000 }, { sticky: { by, forMs: 0, scope: 'instance' } })
    const homes = new Set<string>()
    for (let user = 0; user < 40; user += 1) {
      const seen = await visits(proxy.port, jars(4), lines(`user-${user}`))
      expect(new Set(seen.map((each) => each.by)).size).toBe(1)
      expect(seen[0]?.cookie).toBeUndefined()
      homes.add(seen[0]!.by)
    }
    expect(homes.size).toBe(6)
  })

  it('are spread over the instances of their release when only that is kept', async () => {
    const both = [...(await release('v1')), ...(await release('v2'))]
    const sticky: StickySpec = { by: { kind: 'address' }, forMs: 0, scope: 'release' }
    route(both, { v1: 5000, v2: 5000 }, { sticky })
    const seen = await visits(proxy.port, jars(60))
    expect(new Set(seen.map(releaseOf)).size).toBe(1)
    expect(new Set(seen.map((each) => each.by)).size).toBe(3)
  })
})

describe('rules', () => {
  const preview: TrafficSpec = {
    rules: [
      { when: { header: { 'X-Beta': { kind: 'exact', value: '1' } } }, to: 'candidate' },
      { when: { path: { kind: 'prefix', value: '/old' } }, to: 'stable' },
      { when: { query: { v: { kind: 'present' } } }, to: { release: 'v9' } },
    ],
  }

  it('send a preview to a release that has no share', async () => {
    route(
      [...(await release('v1', 1)), ...(await release('v2', 1))],
      { v1: 10_000, v2: 0 },
      preview,
    )
    expect(releaseOf(await visit({}, ['X-Beta: 1']))).toBe('v2')
    expect(releaseOf(await visit({}, ['X-Beta: 2']))).toBe('v1')
  })

  it('are taken in order, and the first that matches decides', async () => {
    route(
      [...(await release('v1', 1)), ...(await release('v2', 1))],
      { v1: 0, v2: 10_000 },
      preview,
    )
    expect(releaseOf(await visit({}, ['X-Beta: 1'], '/old'))).toBe('v2')
    expect(releaseOf(await visit({}, [], '/old/shoes'))).toBe('v1')
  })

  it('leave it to the weights when their release has nobody ready, or does not exist', async () => {
    const [old, next] = [await release('v1', 1), await release('v2', 1)]
    route([...old, ...next], { v1: 10_000 }, preview)
    proxy.plane.mark([{ ...next[0]!.instance, health: 'down' }])
    expect(releaseOf(await visit({}, ['X-Beta: 1']))).toBe('v1')
    expect(releaseOf(await visit({}, [], '/?v=1'))).toBe('v1')
  })

  it('keep a user on one instance each in both releases it goes between', async () => {
    const both = [...(await release('v1')), ...(await release('v2'))]
    route(both, { v1: 10_000 }, { ...preview, sticky: BY_COOKIE })
    const jar: Jar = {}
    const [one, other] = [await visit(jar), await visit(jar, ['X-Beta: 1'])]
    for (let round = 0; round < 5; round += 1) {
      expect((await visit(jar)).by).toBe(one.by)
      expect((await visit(jar, ['X-Beta: 1'])).by).toBe(other.by)
    }
  })
})
