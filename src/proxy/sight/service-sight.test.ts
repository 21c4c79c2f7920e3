import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { percentileOf, sizeOf } from '../../core/histogram.ts'
import {
  instanceAt,
  planeUnderTest,
  type PlaneUnderTest,
} from '../../../test/support/plane-under-test.ts'
import { rawClient } from '../../../test/support/raw-client.ts'
import { sightRoute } from '../../../test/support/sight-route.ts'
import { rawInstance, type RawInstance } from '../../../test/support/raw-instance.ts'

let world: PlaneUnderTest
let instance: RawInstance

beforeEach(async () => {
  world = await planeUnderTest()
  instance = await rawInstance((socket, received) => {
    const path = received.split(' ')[1] ?? ''
    if (path === '/gone') {
      socket.destroy()
      return
    }
    if (path === '/broken') {
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')
      return
    }
    const [, status = '200', delay = '0', rest = '0'] = path.split('/')
    void sleep(Number(delay)).then(async () => {
      socket.write(`HTTP/1.1 ${status} Said\r\nContent-Length: 2\r\n\r\n.`)
      await sleep(Number(rest))
      socket.write('.')
    })
  })
  world.to([instance.port])
})
afterEach(async () => {
  await world.close()
  await instance.close()
})

async function ask(method: string, path: string, ending: RegExp): Promise<void> {
  const client = await rawClient(world.port)
  client.send(`${method} ${path} HTTP/1.1\r\nHost: shop\r\n\r\n`)
  await client.until(ending).catch(() => undefined)
  client.destroy()
}

const cellsSeen = () => world.plane.takeSight()?.['shop']?.cells ?? []

describe('what a worker sees of answers', () => {
  it('is apart for reads and writes and for each class of status', async () => {
    await ask('GET', '/200', /\.\.$/)
    await ask('HEAD', '/204', /\r\n\r\n/)
    await ask('POST', '/201', /\.\.$/)
    await ask('GET', '/404', /\.\.$/)
    const seen = cellsSeen().map((cell) => [
      cell.instance,
      cell.methods,
      cell.status,
      sizeOf(cell.whole),
    ])
    expect(seen).toEqual([
      ['shop.v1.0', 'reads', 2, 2],
      ['shop.v1.0', 'writes', 2, 1],
      ['shop.v1.0', 'reads', 4, 1],
    ])
  })

  it('tells the time to the head of the answer from the time to its end', async () => {
    await ask('GET', '/200/40/80', /\.\.$/)
    const [cell] = cellsSeen()
    const [first, whole] = [percentileOf(cell!.firstByte, 1)!, percentileOf(cell!.whole, 1)!]
    expect(first).toBeGreaterThan(36)
    expect(whole).toBeGreaterThan(112)
    expect(whole - first).toBeGreaterThan(60)
  })

  it('holds an answer the instance owed as one without a status', async () => {
    await ask('POST', '/gone', /502/)
    await ask('GET', '/broken', /half/)
    expect(cellsSeen().map((cell) => [cell.methods, cell.status])).toEqual([
      ['writes', 0],
      ['reads', 0],
    ])
  })

  it('is told once, and then only what is new', async () => {
    await ask('GET', '/200', /\.\.$/)
    expect(cellsSeen()).toHaveLength(1)
    expect(world.plane.takeSight()).toBeUndefined()
    await ask('GET', '/200', /\.\.$/)
    expect(cellsSeen().map((cell) => sizeOf(cell.whole))).toEqual([1])
  })

  it('has how often each rule, and each other way, decided on the release', async () => {
    const rules = [
      { when: { path: { kind: 'exact', value: '/204' } }, to: { release: 'v9' } },
      { when: { path: { kind: 'exact', value: '/200' } }, to: { release: 'v1' } },
    ] as const
    const routed = [instanceAt(instance.port)]
    world.plane.apply([sightRoute(routed, { v1: 10_000 }, { rules })])
    for (const path of ['/200', '/200', '/204', '/404']) await ask('HEAD', path, /\r\n\r\n/)
    const decisions = world.plane.takeSight()?.['shop']?.decisions
    expect(decisions).toEqual({ 'rule 2': 2, weights: 2 })
  })
})
