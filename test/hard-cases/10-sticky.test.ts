import { expect, it } from 'vitest'
import type { Route } from '../../src/core/route.ts'
import { jars, type Jar, type Visit, visits } from '../support/jars.ts'
import { appInstance, proxyOfTwo } from '../support/proxy-and-apps.ts'
import { rawClient } from '../support/raw-client.ts'

const USERS = 1000
const SLOTS = [0, 1]
const traffic = { sticky: { by: { kind: 'cookie' }, forMs: 0, scope: 'instance' } } as const
const UPGRADE =
  'GET /ws HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'

/** Answers with its release and its slot. */
const release = (name: string) =>
  Promise.all(SLOTS.map((slot) => appInstance(name, { slot, args: [`${name}.${slot}`] })))

const releasesOf = (seen: readonly Visit[]) => seen.map(({ by }) => by.split('.')[0])
const byOf = (seen: readonly Visit[]) => seen.map(({ by }) => by)

/** Whom the first message over a WebSocket names. */
async function socketBy(port: number, { cookie }: Jar): Promise<string | undefined> {
  const client = await rawClient(port)
  client.send(`${UPGRADE}Cookie: ${cookie}\r\n\r\n`)
  const got = await client.until(/v\d\.\d$/)
  client.destroy()
  return /v\d\.\d$/.exec(got)?.[0]
}

it('users stay where they are in both workers, move to the new release and never back, and return all at once when it is taken back', async () => {
  // given two releases, and a thousand users with cookies
  const [v1, v2] = await Promise.all([release('v1'), release('v2')])
  const proxy = await proxyOfTwo()
  const users = jars(USERS)
  const share = async (basisPoints: number, instances = [...v1, ...v2]): Promise<Visit[]> => {
    const weights: Route['weights'] = { v1: 10_000 - basisPoints, v2: basisPoints }
    const routed = instances.map((each) => each.routed)
    await proxy.serve(routed, { weights, traffic })
    // Whichever worker they come to.
    const [first, again] = await proxy.throughEach(() => visits(proxy.port, users))
    expect(byOf(again!)).toEqual(byOf(first!))
    expect(first!.filter(({ status }) => status !== 200)).toEqual([])
    return again!
  }

  // when the share of the new one grows, then nobody moves back
  let before: Visit[] | undefined
  for (const basisPoints of [500, 2500, 5000, 10_000]) {
    const seen = await share(basisPoints)
    const releases = releasesOf(seen)
    const part = releases.filter((name) => name === 'v2').length / USERS
    expect(Math.abs(part - basisPoints / 10_000)).toBeLessThan(0.07)
    const back = releasesOf(before ?? []).filter((was, at) => was === 'v2' && releases[at] === 'v1')
    expect(back).toEqual([])
    before = seen
  }

  // when an instance dies, then its users find another one and the others stay
  await v2[0]!.kill()
  const [, after] = await proxy.throughEach(() => visits(proxy.port, users))
  expect(new Set(byOf(after!))).toEqual(new Set(['v2.1']))
  expect(after!.filter(({ status }) => status !== 200)).toEqual([])

  // when the new one is taken back, then all return, by a WebSocket too, and a forged cookie counts for nothing
  const returned = await share(0, [...v1, v2[1]!])
  expect(new Set(releasesOf(returned))).toEqual(new Set(['v1']))
  for (const at of [0, 1, 2]) expect(await socketBy(proxy.port, users[at]!)).toBe(returned[at]!.by)
  const forged = { cookie: `${users[0]!.cookie!.slice(0, -4)}AAAA` }
  const [answered] = await visits(proxy.port, [{ ...forged }])
  expect(answered).toMatchObject({ status: 200, cookie: expect.stringMatching(/^midflight-shop=/) })
  expect(answered!.cookie).not.toBe(forged.cookie)
})
