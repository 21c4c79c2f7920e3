import { afterEach, describe, expect, it } from 'vitest'
import {
  answer,
  playedInstance,
  type PlayedInstance,
} from '../../../test/support/played-instance.ts'
import { until } from '../../../test/support/until.ts'
import {
  watchedPlane,
  type Treatment,
  type WatchedPlane,
} from '../../../test/support/watched-plane.ts'
import type { OutlierSpec } from '../../core/balance.ts'

const OUTLIERS: OutlierSpec = {
  consecutive: 5,
  share: 10_000,
  requests: 1_000,
  intervalMs: 60_000,
  ejectMs: 60_000,
  mostMs: 300_000,
  ejected: 5_000,
}
const LONG: Partial<Treatment> = { balance: { outliers: OUTLIERS } }

const open: (() => unknown)[] = []

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

/** A plane with so many instances, all up. */
async function planeWith(
  count: number,
  how: Partial<Treatment> = LONG,
): Promise<{ plane: WatchedPlane; instances: readonly PlayedInstance[] }> {
  const plane = await watchedPlane()
  open.push(() => plane.close())
  const slots = Array.from({ length: count }, (_, slot) => slot)
  const instances = await Promise.all(slots.map((slot) => playedInstance(slot)))
  open.push(() => Promise.all(instances.map((each) => each.kill())))
  plane.route(routed(instances), how)
  await plane.up(...routed(instances))
  return { plane, instances }
}

const routed = (instances: readonly PlayedInstance[]) => instances.map((each) => each.routed)

async function statuses(plane: WatchedPlane, times: number): Promise<number[]> {
  const all: number[] = []
  for (let count = 0; count < times; count += 1) all.push(await plane.ask())
  return all
}

function ejectedNow(plane: WatchedPlane): string[] {
  return plane.table
    .marksOf('shop')
    .filter((mark) => mark.ejected)
    .map((mark) => mark.id)
}

describe('a check', () => {
  it('that is slow once takes nobody out', async () => {
    const { plane, instances } = await planeWith(2, { ready: { timeoutMs: 500, down: 3 } })
    const [slow] = instances
    slow!.onCheck = () => {
      // Nobody waits for this answer any more when it would come; the next ones are as they should be.
      slow!.onCheck = answer(200)
    }
    const before = slow!.asked.checks
    await until(
      async () => slow!.asked.checks,
      (checks) => checks >= before + 4,
    )
    expect(plane.marks.filter((mark) => mark.health !== 'up')).toEqual([])
  })

  it('that passes does not bring back an instance that fails its users', async () => {
    const { plane, instances } = await planeWith(2)
    const [bad, good] = instances
    bad!.onUser = answer(500)
    await until(
      async () => (await plane.ask(), ejectedNow(plane).length),
      (count) => count === 1,
    )
    const { ejected, health } = plane.markOf(bad!.routed)!
    expect(health).toBe('up')
    expect(ejected?.reason).toBe('5 requests in a row failed, the last one was answered 500')
    expect(ejected!.untilMs - Date.now()).toBeGreaterThan(50_000)
    const [checks, users] = [bad!.asked.checks, bad!.asked.users]
    await until(
      async () => bad!.asked.checks,
      (count) => count >= checks + 3,
    )
    expect(await statuses(plane, 20)).toEqual(Array.from({ length: 20 }, () => 200))
    expect(bad!.asked.users).toBe(users)
    expect(good!.asked.users).toBeGreaterThan(20)
  })
})

describe('an instance that fails its users', () => {
  it('is out after so many failures in a row, and back when its time is over', async () => {
    const { plane, instances } = await planeWith(2, {
      balance: { outliers: { ...OUTLIERS, ejectMs: 300 } },
    })
    const [bad] = instances
    bad!.onUser = answer(503)
    await until(
      async () => (await plane.ask(), ejectedNow(plane).length),
      (count) => count === 1,
    )
    expect(bad!.asked.users).toBe(5)
    bad!.onUser = answer(200)
    await until(
      async () => (await plane.ask(), bad!.asked.users),
      (users) => users > 10,
    )
    expect(ejectedNow(plane)).toEqual([])
  })

  it('is out when it takes connections and answers nobody', async () => {
    const { plane, instances } = await planeWith(2)
    instances[0]!.onUser = (response) => void response.destroy()
    await until(
      async () => (await plane.ask(), ejectedNow(plane).length),
      (count) => count === 1,
    )
    expect(plane.markOf(instances[0]!.routed)?.ejected?.reason).toContain('got no whole answer')
    // They could be sent again, so no user has seen any of it.
    expect(plane.tally().counts['v1']).toMatchObject({ failed: 0 })
  })

  it('is out for its share of failures, though it never fails often in a row', async () => {
    const { plane, instances } = await planeWith(2, {
      balance: { outliers: { ...OUTLIERS, share: 4_000, requests: 10 } },
    })
    let count = 0
    instances[0]!.onUser = (response) => answer((count += 1) % 2 ? 500 : 200)(response)
    await until(
      async () => (await plane.ask(), ejectedNow(plane).length),
      (found) => found === 1,
    )
    expect(plane.markOf(instances[0]!.routed)?.ejected?.reason).toBe(
      '6 of 11 requests failed within 60000 ms',
    )
  })

  it('is not taken out for what its clients do wrong', async () => {
    const { plane, instances } = await planeWith(2)
    for (const each of instances) each.onUser = answer(404)
    await statuses(plane, 40)
    instances[0]!.onUser = () => undefined
    const leaves = { signal: AbortSignal.timeout(20) }
    for (let times = 0; times < 16; times += 1)
      await plane.ask(leaves).catch((error: unknown) => expect(error).toBeDefined())
    expect(ejectedNow(plane)).toEqual([])
  })

  it('is not taken out alone when all fail: the fault is elsewhere', async () => {
    const { plane, instances } = await planeWith(3)
    for (const each of instances) each.onUser = answer(500)
    expect(new Set(await statuses(plane, 60))).toEqual(new Set([500]))
    expect(ejectedNow(plane)).toEqual([])
    expect(plane.tally().refused).toBe(0)
  })

  it('is not taken out when no other would be left', async () => {
    const { plane, instances } = await planeWith(1)
    instances[0]!.onUser = answer(500)
    await statuses(plane, 20)
    expect(ejectedNow(plane)).toEqual([])
  })

  it('may be one of more than the largest share: then it stays', async () => {
    const { plane, instances } = await planeWith(4)
    for (const each of instances.slice(0, 3)) each.onUser = answer(500)
    await statuses(plane, 100)
    expect(ejectedNow(plane)).toHaveLength(2)
    expect(Math.max(...instances.map((each) => each.asked.users))).toBeGreaterThan(25)
  })
})

describe('an instance that goes down and up again', () => {
  it('is kept out for a while the third time', async () => {
    const { plane, instances } = await planeWith(2, {
      balance: { outliers: OUTLIERS },
      ready: { up: 1, down: 1 },
    })
    const [flaps] = instances
    let checks = 0
    flaps!.onCheck = (response) => answer((checks += 1) % 2 ? 503 : 200)(response)
    await until(
      async () => ejectedNow(plane),
      (ids) => ids.includes(flaps!.routed.id),
    )
    expect(plane.markOf(flaps!.routed)?.ejected?.reason).toMatch(/^went down 3 times within \d+ s$/)
    const users = flaps!.asked.users
    await statuses(plane, 10)
    expect(flaps!.asked.users).toBe(users)
  })
})

describe('when nobody is good', () => {
  it('traffic goes on to those whose checks fail, rather than to a 503', async () => {
    const { plane, instances } = await planeWith(2)
    for (const each of instances) each.onCheck = answer(503)
    await until(
      async () => plane.table.marksOf('shop').map((mark) => mark.health),
      (healths) => healths.every((health) => health === 'down'),
    )
    expect(await statuses(plane, 10)).toEqual(Array.from({ length: 10 }, () => 200))
    expect(plane.tally()).toMatchObject({ held: 0, refused: 0 })
    expect(instances.every((each) => each.asked.users > 0)).toBe(true)
  })

  it('traffic goes on to one that is ejected, when the other one dies', async () => {
    const { plane, instances } = await planeWith(2)
    const [bad, good] = instances
    bad!.onUser = answer(500)
    await until(
      async () => (await plane.ask(), ejectedNow(plane).length),
      (count) => count === 1,
    )
    await good!.kill()
    bad!.onUser = answer(200)
    expect(await statuses(plane, 5)).toEqual([200, 200, 200, 200, 200])
  })

  it('requests wait when all have died, until one has taken their place', async () => {
    const { plane, instances } = await planeWith(2)
    await Promise.all(instances.map((each) => each.kill()))
    const asked = plane.ask({ method: 'POST', body: 'x' })
    await until(
      async () => plane.tally().holding,
      (holding) => holding === 1,
    )
    const next = await playedInstance(0, 0, 'g2')
    open.push(() => next.kill())
    plane.route([next.routed, instances[1]!.routed], LONG)
    expect(await asked).toBe(200)
    expect(plane.tally()).toMatchObject({ held: 1, refused: 0 })
  })

  it('requests wait for one that has never been ready', async () => {
    const plane = await watchedPlane()
    open.push(() => plane.close())
    const fresh = await playedInstance()
    open.push(() => fresh.kill())
    fresh.onCheck = answer(503)
    plane.route([fresh.routed], LONG)
    const asked = plane.ask()
    await until(
      async () => plane.tally().holding,
      (holding) => holding === 1,
    )
    expect(fresh.asked.users).toBe(0)
    fresh.onCheck = answer(200)
    expect(await asked).toBe(200)
  })
})
