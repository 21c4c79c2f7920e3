import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  instanceAt,
  planeUnderTest,
  type PlaneUnderTest,
} from '../../../test/support/plane-under-test.ts'
import { rawClient } from '../../../test/support/raw-client.ts'
import { rawInstance } from '../../../test/support/raw-instance.ts'

let proxy: PlaneUnderTest
const open: (() => unknown)[] = []

beforeEach(async () => {
  proxy = await planeUnderTest()
})

afterEach(async () => {
  await proxy.close()
  for (const close of open.splice(0)) await close()
})

const answer = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

/** An instance that answers with its name, or with nothing until `finish` is called. */
async function instance(name: string, when: 'at-once' | 'later' = 'at-once') {
  const waiting: Socket[] = []
  const made = await rawInstance((socket) => {
    if (when === 'at-once') socket.write(answer(name))
    else waiting.push(socket)
  })
  open.push(() => made.close())
  const finish = () => {
    for (const socket of waiting.splice(0)) socket.write(answer(name))
  }
  return { ...made, finish }
}

async function clientOf() {
  const client = await rawClient(proxy.port)
  open.push(() => client.destroy())
  return client
}

async function get(): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${proxy.port}/`)
  return `${response.status} ${await response.text()}`
}

describe('the weights', () => {
  it('decide who gets how much', async () => {
    const [a, b] = [await instance('a'), await instance('b')]
    const [one, other] = [instanceAt(a.port, 'v1'), instanceAt(b.port, 'v2')]
    proxy.route([one, other], { v1: 7500, v2: 2500 })
    proxy.up(one, other)
    const client = await clientOf()
    const count = 2000
    client.send(GET.repeat(count))
    await proxy.until(({ counts }) => sum(counts) === count)
    const share = (proxy.tally().counts['v2']?.answers[2] ?? 0) / count
    expect(share).toBeGreaterThan(0.2)
    expect(share).toBeLessThan(0.3)
  })

  it('are followed anew by each request of a connection', async () => {
    const [a, b] = [await instance('a'), await instance('b')]
    const [one, other] = [instanceAt(a.port, 'v1'), instanceAt(b.port, 'v2')]
    const client = await clientOf()
    proxy.route([one, other], { v1: 10_000 })
    proxy.up(one, other)
    client.send(GET)
    await client.until(/a$/)
    proxy.route([one, other], { v2: 10_000 })
    client.send(GET)
    await client.until(/b$/)
  })

  it('of a release without a ready instance go to the others', async () => {
    const a = await instance('a')
    const [one, other] = [instanceAt(a.port, 'v1'), instanceAt(1, 'v2')]
    proxy.route([one, other], { v1: 100, v2: 9900 })
    proxy.up(one)
    for (let count = 0; count < 10; count += 1) expect(await get()).toBe('200 a')
  })
})

describe('a draining instance', () => {
  it('finishes what runs on it and gets nothing new', async () => {
    const [slow, next] = [await instance('slow', 'later'), await instance('next')]
    const [old, fresh] = [instanceAt(slow.port, 'v1'), instanceAt(next.port, 'v2')]
    proxy.route([old, fresh], { v1: 10_000 })
    proxy.up(old, fresh)
    const running = get()
    await proxy.until(() => slow.received() !== '')
    proxy.route([{ ...old, state: 'draining' }, fresh], { v2: 10_000 })
    for (let count = 0; count < 5; count += 1) expect(await get()).toBe('200 next')
    expect(proxy.tally().running).toContainEqual({
      id: old.id,
      generation: old.generation,
      requests: 1,
      upgrades: 0,
    })
    slow.finish()
    expect(await running).toBe('200 slow')
    expect(slow.connections()).toBe(1)
  })

  it('may leave the route altogether, and is counted until it is done', async () => {
    const [slow, next] = [await instance('slow', 'later'), await instance('next')]
    const [old, fresh] = [instanceAt(slow.port, 'v1'), instanceAt(next.port, 'v2')]
    proxy.route([old], { v1: 10_000 })
    proxy.up(old)
    const running = get()
    await proxy.until(() => slow.received() !== '')
    proxy.route([fresh], { v2: 10_000 })
    expect(proxy.tally().running.find(({ id }) => id === old.id)?.requests).toBe(1)
    slow.finish()
    expect(await running).toBe('200 slow')
    await proxy.until((tally) => tally.running.every(({ id }) => id !== old.id))
    expect(proxy.tally().counts['v1']).toMatchObject({ answers: [0, 0, 1, 0, 0, 0] })
  })
})

describe('a request that finds no instance ready', () => {
  it('waits until one is, in the order of coming', async () => {
    const order: string[] = []
    const made = await rawInstance((socket, received) => {
      order.push(/GET \/(\d)/.exec(received)?.[1] ?? '')
      socket.write(answer('ok'))
    })
    open.push(() => made.close())
    const one = instanceAt(made.port)
    proxy.route([one], { v1: 10_000 })
    const answers: Promise<Response>[] = []
    for (const name of [1, 2, 3]) {
      answers.push(fetch(`http://127.0.0.1:${proxy.port}/${name}`))
      await proxy.until((tally) => tally.holding === name)
    }
    proxy.up(one)
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200])
    expect(order).toEqual(['1', '2', '3'])
    expect(proxy.tally()).toMatchObject({ held: 3, holding: 0, refused: 0 })
  })

  it('is refused when too many wait, or when it has waited too long', async () => {
    proxy.route([], {}, { holdRequests: 1, holdMs: 300 })
    const first = fetch(`http://127.0.0.1:${proxy.port}/`)
    await proxy.until((tally) => tally.holding === 1)
    const second = await fetch(`http://127.0.0.1:${proxy.port}/`)
    expect(second.status).toBe(503)
    expect(second.headers.get('retry-after')).toBe('1')
    expect(proxy.tally()).toMatchObject({ holding: 1, refused: 1 })
    expect((await first).status).toBe(503)
    expect(proxy.tally()).toMatchObject({ holding: 0, refused: 2, held: 1 })
  })

  it('is forgotten when its client leaves', async () => {
    const made = await instance('a')
    const one = instanceAt(made.port)
    proxy.route([one], { v1: 10_000 })
    const client = await clientOf()
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello')
    await proxy.until((tally) => tally.holding === 1)
    client.destroy()
    await proxy.until((tally) => tally.holding === 0)
    proxy.up(one)
    expect(made.received()).toBe('')
  })
})

describe('a plane that drains', () => {
  it('finishes what runs, tells clients to go, and resolves when all are gone', async () => {
    const slow = await instance('slow', 'later')
    proxy.to([slow.port])
    const [busy, idle] = [await clientOf(), await clientOf()]
    busy.send(GET)
    await proxy.until(() => slow.received() !== '')
    let over = false
    const drained = proxy.plane.drain(1000).then(() => (over = true))
    idle.send(GET)
    // What is counted may still be on its way to the instance.
    await proxy.until(() => slow.received().split('GET ').length === 3)
    expect(proxy.tally().running[0]?.requests).toBe(2)
    expect(over).toBe(false)
    slow.finish()
    expect(await busy.over()).toBe('end')
    expect(await idle.over()).toBe('end')
    expect(busy.text()).toContain('Connection: close\r\n\r\nslow')
    expect(idle.text()).toContain('Connection: close\r\n\r\nslow')
    await drained
  })

  it('lets go of idle clients gently', async () => {
    const made = await instance('a')
    proxy.to([made.port])
    const client = await clientOf()
    client.send(GET)
    await client.until(/a$/)
    const drained = proxy.plane.drain(1000)
    client.send(GET)
    expect(await client.over()).toBe('end')
    expect(client.text()).toMatch(/Connection: close\r\n\r\na$/)
    const late = rawClient(proxy.port)
    await expect(late).rejects.toThrow('ECONNREFUSED')
    await drained
  })
})

describe('a service that leaves the routes', () => {
  it('is no longer served, and its running requests finish', async () => {
    const slow = await instance('slow', 'later')
    proxy.to([slow.port])
    const running = get()
    await proxy.until(() => slow.received() !== '')
    proxy.plane.apply([])
    await expect(rawClient(proxy.port)).rejects.toThrow('ECONNREFUSED')
    slow.finish()
    expect(await running).toBe('200 slow')
    await expect.poll(() => proxy.plane.tally(), { timeout: 4000 }).toEqual({})
  })
})

function sum(counts: ReturnType<PlaneUnderTest['tally']>['counts']): number {
  return Object.values(counts).reduce((total, { answers }) => total + answers[2], 0)
}
