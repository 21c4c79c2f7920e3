import { Incidents } from './incidents.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  instanceAt,
  planeUnderTest,
  type PlaneUnderTest,
} from '../../../test/support/plane-under-test.ts'
import { rawClient } from '../../../test/support/raw-client.ts'
import { rawInstance, type RawInstance } from '../../../test/support/raw-instance.ts'
import { sightRoute } from '../../../test/support/sight-route.ts'

let world: PlaneUnderTest
let instance: RawInstance

beforeEach(async () => {
  world = await planeUnderTest()
  instance = await rawInstance((socket, received) => {
    const [, status = '200', delay = '0'] = (received.split(' ')[1] ?? '').split('/')
    if (status === 'gone') return void socket.destroy()
    void sleep(Number(delay)).then(() =>
      socket.write(`HTTP/1.1 ${status} Said\r\nContent-Length: 1\r\n\r\n.`),
    )
  })
  world.to([instance.port])
})
afterEach(async () => {
  await world.close()
  await instance.close()
})

/** All over one connection. */
async function ask(...paths: readonly string[]): Promise<void> {
  const client = await rawClient(world.port)
  for (const [at, path] of paths.entries()) {
    client.send(`POST ${path} HTTP/1.1\r\nHost: shop\r\nContent-Length: 0\r\n\r\n`)
    await client.until(new RegExp(`(HTTP/1.1[^]*){${at + 1}}`))
  }
  client.destroy()
}

const seen = () => world.plane.takeSight()?.['shop']?.incidents ?? []

describe('an incident', () => {
  it('is an answer with an error, an answer that was owed, or a refusal', async () => {
    await ask('/200')
    await ask('/500/7')
    await ask('/gone')
    await ask('/404')
    expect(seen()).toMatchObject([
      { what: 'error', status: 500, release: 'v1', instance: 'shop.v1.0', path: 'POST /*/*' },
      { what: 'error', status: 0, path: 'POST /gone' },
      { what: 'refusal', status: 404 },
    ])
    expect(seen()).toEqual([])
  })

  it('is an answer that comes later than the route allows, and only where it says so', async () => {
    await ask('/200/40')
    expect(seen()).toEqual([])
    const route = sightRoute([instanceAt(instance.port)], { v1: 10_000 }, {})
    world.plane.apply([{ ...route, slowMs: 30 }])
    await ask('/200')
    await ask('/200/40')
    expect(seen()).toMatchObject([{ what: 'slow', status: 200 }])
  })

  it('names the same user on one connection of a private network, and another one on the next', async () => {
    await ask('/500', '/500')
    await ask('/500')
    const [first, second, third] = seen().map((each) => each.user)
    expect(second).toBe(first)
    expect(third).not.toBe(first)
  })

  it('names a sticky user on every connection, without telling who it is', async () => {
    const by = { kind: 'header', name: 'x-user-id' } as const
    const route = sightRoute(
      [instanceAt(instance.port)],
      { v1: 10_000 },
      { sticky: { by, scope: 'release', forMs: 1_000 } },
    )
    world.plane.apply([route])
    for (const user of ['ann@example.org', 'bob', 'ann@example.org']) {
      const client = await rawClient(world.port)
      client.send(`GET /500 HTTP/1.1\r\nHost: shop\r\nX-User-Id: ${user}\r\n\r\n`)
      await client.until(/\r\n\r\n./)
      client.destroy()
    }
    const [ann, bob, annAgain] = seen().map((each) => each.user)
    expect(annAgain).toBe(ann)
    expect(bob).not.toBe(ann)
    expect(ann).not.toContain('ann')
  })

  it('is none on a request that a rule sent where it went', async () => {
    const rules = [
      { when: { path: { kind: 'exact', value: '/404' } }, to: { release: 'v1' } },
    ] as const
    world.plane.apply([sightRoute([instanceAt(instance.port)], { v1: 10_000 }, { rules })])
    await ask('/404')
    await ask('/500')
    expect(seen()).toMatchObject([{ status: 500 }])
  })

  it('is told two hundred times at once at most', async () => {
    const incidents = new Incidents(() => 'ann')
    const head = { method: 'GET', target: '/', host: 'shop', fields: '' }
    const asked = { head, sender: { address: '192.0.2.1', secure: false } }
    const of = { release: 'v1', instance: 'shop.v1.0' }
    for (let count = 0; count < 220; count += 1) incidents.note(asked, of, 500)
    expect(incidents.take()).toHaveLength(200)
    expect(incidents.take()).toHaveLength(0)
  })
})
