import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { playedInstance, type PlayedInstance } from '../../../test/support/played-instance.ts'
import { until } from '../../../test/support/until.ts'
import {
  watchedPlane,
  type Treatment,
  type WatchedPlane,
} from '../../../test/support/watched-plane.ts'

const open: (() => unknown)[] = []

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

async function played(slot: number): Promise<PlayedInstance> {
  const instance = await playedInstance(slot)
  open.push(() => instance.kill())
  return instance
}

const routed = (instances: readonly PlayedInstance[]) => instances.map((each) => each.routed)

async function planeTo(
  instances: readonly PlayedInstance[],
  how: Partial<Treatment>,
): Promise<WatchedPlane> {
  const plane = await watchedPlane()
  open.push(() => plane.close())
  plane.route(routed(instances), how)
  await plane.up(...routed(instances))
  return plane
}

/** From now on it answers nobody before it is told to; the oldest first. */
function holdsAnswers(instance: PlayedInstance): ServerResponse[] {
  const waiting: ServerResponse[] = []
  instance.onUser = (response) => void waiting.push(response)
  return waiting
}

async function counts(plane: WatchedPlane, all: readonly PlayedInstance[], times: number) {
  const before = all.map((each) => each.asked.users)
  for (let count = 0; count < times; count += 1) await plane.ask()
  return all.map((each, slot) => each.asked.users - before[slot]!)
}

describe('a limit of requests per instance', () => {
  it('lets more wait, in order, and each go when there is room again', async () => {
    const instance = await played(0)
    const waiting = holdsAnswers(instance)
    const plane = await planeTo([instance], { balance: { requestsPerInstance: 1 } })
    const done: number[] = []
    const asked = [0, 1, 2].map(async (number) => {
      await until(
        async () => plane.tally().holding + waiting.length,
        (known) => known >= number,
      )
      expect(await plane.ask({ method: 'POST', body: String(number) })).toBe(200)
      done.push(number)
    })
    await until(
      async () => plane.tally().holding,
      (holding) => holding === 2,
    )
    expect(waiting).toHaveLength(1)
    for (let count = 1; count <= 3; count += 1) {
      await until(
        async () => waiting.length,
        (length) => length === count,
      )
      waiting[count - 1]!.end()
      await until(
        async () => done.length,
        (length) => length === count,
      )
    }
    await Promise.all(asked)
    expect(done).toEqual([0, 1, 2])
    expect(plane.tally()).toMatchObject({ held: 2, holding: 0, refused: 0 })
  })

  it('sends requests to whoever has room', async () => {
    const [busy, idle] = [await played(0), await played(1)]
    const waiting = holdsAnswers(busy)
    const plane = await planeTo([busy, idle], { balance: { requestsPerInstance: 1 } })
    const long = Promise.all([plane.ask(), plane.ask()])
    await until(
      async () => waiting.length,
      (length) => length === 1,
    )
    expect(await counts(plane, [busy, idle], 10)).toEqual([0, 10])
    expect(plane.tally().held).toBe(0)
    waiting[0]!.end()
    expect(await long).toEqual([200, 200])
  })

  it('refuses what the hold has no room for', async () => {
    const instance = await played(0)
    const waiting = holdsAnswers(instance)
    const plane = await planeTo([instance], {
      balance: { requestsPerInstance: 1 },
      limits: { holdRequests: 0 },
    })
    const first = plane.ask()
    await until(
      async () => waiting.length,
      (length) => length === 1,
    )
    expect(await plane.ask()).toBe(503)
    waiting[0]!.end()
    expect(await first).toBe(200)
  })

  it('has room again when a client leaves', async () => {
    const instance = await played(0)
    const waiting = holdsAnswers(instance)
    const plane = await planeTo([instance], { balance: { requestsPerInstance: 1 } })
    const leaver = new AbortController()
    const left = plane.ask({ signal: leaver.signal }).catch((error: unknown) => error)
    await until(
      async () => waiting.length,
      (length) => length === 1,
    )
    const next = plane.ask()
    await until(
      async () => plane.tally().holding,
      (holding) => holding === 1,
    )
    leaver.abort()
    await left
    await until(
      async () => waiting.length,
      (length) => length === 2,
    )
    waiting[1]!.end()
    expect(await next).toBe(200)
  })
})

describe('taking turns', () => {
  it('gives all instances the same, also when one dies and another comes', async () => {
    const all = [await played(0), await played(1), await played(2)]
    const plane = await planeTo(all, {})
    expect(await counts(plane, all, 30)).toEqual([10, 10, 10])
    await all[2]!.kill()
    const [one = 0, other = 0] = await counts(plane, all, 30)
    expect(one + other).toBe(30)
    expect(Math.abs(one - other)).toBeLessThan(4)
    const next = await played(3)
    const now = [all[0]!, all[1]!, next]
    plane.route(routed(now), {})
    await plane.up(next.routed)
    for (const count of await counts(plane, now, 30)) expect(Math.abs(count - 10)).toBeLessThan(2)
  })
})
