import { afterEach, describe, expect, it } from 'vitest'
import {
  answer,
  playedInstance,
  type PlayedInstance,
} from '../../../test/support/played-instance.ts'
import { until } from '../../../test/support/until.ts'
import { watchedPlane, type WatchedPlane } from '../../../test/support/watched-plane.ts'

const OUTLIERS = {
  consecutive: 3,
  share: 10_000,
  requests: 1_000,
  intervalMs: 60_000,
  ejectMs: 60_000,
  mostMs: 300_000,
  ejected: 5_000,
}
const HOW = { balance: { outliers: OUTLIERS }, ready: { down: 1 } }

const open: (() => unknown)[] = []

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

async function planeTo(...instances: readonly PlayedInstance[]): Promise<WatchedPlane> {
  const plane = await watchedPlane()
  open.push(() => plane.close())
  plane.route(routed(instances), HOW)
  await plane.up(...routed(instances))
  return plane
}

async function played(...how: Parameters<typeof playedInstance>): Promise<PlayedInstance> {
  const instance = await playedInstance(...how)
  open.push(() => instance.kill())
  return instance
}

const routed = (instances: readonly PlayedInstance[]) => instances.map((each) => each.routed)

/** The next process in the place of this one: same id, same port. */
async function successorOf(old: PlayedInstance): Promise<PlayedInstance> {
  await old.kill()
  const { address } = old.routed
  return await played(0, 'port' in address ? address.port : 0, 'g2')
}

async function askUntil(plane: WatchedPlane, holds: () => boolean): Promise<void> {
  await until(
    async () => (await plane.ask(), holds()),
    (held) => held,
  )
}

describe('a process at the address of an older one', () => {
  it('is not ready because the older one was', async () => {
    const old = await played()
    const plane = await planeTo(old)
    const next = await successorOf(old)
    next.onCheck = answer(503)
    plane.route([next.routed], HOW)
    expect(plane.markOf(next.routed)?.health).toBe('unproven')
    const asked = plane.ask()
    await until(
      async () => plane.tally().holding,
      (holding) => holding === 1,
    )
    expect(next.asked.users).toBe(0)
    next.onCheck = answer(200)
    expect(await asked).toBe(200)
  })

  it('is not out because the older one failed', async () => {
    const [old, other] = [await played(), await played(1)]
    const plane = await planeTo(old, other)
    old.onUser = answer(500)
    await askUntil(plane, () => !!plane.markOf(old.routed)?.ejected)
    const next = await successorOf(old)
    plane.route([next.routed, other.routed], HOW)
    await plane.up(next.routed)
    expect(plane.markOf(next.routed)).not.toHaveProperty('ejected')
    await askUntil(plane, () => next.asked.users > 2)
  })

  it('is not out for what a worker tells of the older one too late', async () => {
    const [old, other] = [await played(), await played(1)]
    const plane = await planeTo(old, other)
    const next = await successorOf(old)
    plane.route([next.routed, other.routed], HOW)
    await plane.up(next.routed)
    const { id, generation } = old.routed
    plane.table.eject({ id, generation, reason: 'late' })
    plane.table.refuse({ id, generation, health: 'down', reason: 'late' })
    expect(plane.markOf(next.routed)).toMatchObject({ generation: 'g2', health: 'up' })
    expect(plane.markOf(next.routed)).not.toHaveProperty('ejected')
  })

  it('is not ejected the longer for how often the older one was', async () => {
    const [old, other] = [await played(), await played(1)]
    const plane = await planeTo(old, other)
    plane.table.eject({ ...old.routed, reason: 'fails' })
    const next = await successorOf(old)
    plane.route([next.routed, other.routed], HOW)
    await plane.up(next.routed)
    plane.table.eject({ ...next.routed, reason: 'fails' })
    const until = plane.markOf(next.routed)?.ejected?.untilMs ?? 0
    expect(until - Date.now()).toBeLessThanOrEqual(60_000)
  })

  it('gets connections of its own, and those of the older one are closed when it leaves', async () => {
    const old = await played()
    const plane = await planeTo(old)
    await plane.ask()
    await plane.ask()
    expect(old.connections()).toBe(1)
    const closed = Promise.withResolvers<void>()
    old.onUser = (response) => {
      response.socket?.once('close', () => closed.resolve())
      answer(200)(response)
    }
    await plane.ask()
    // It still runs, but what the route names now is another process.
    plane.route([{ ...old.routed, generation: 'g2' }], HOW)
    await closed.promise
    await plane.up(old.routed)
    await plane.ask()
    expect(old.connections()).toBe(2)
  })

  it('keeps its connections as long as it wants, however soon the older one closed them', async () => {
    const old = await played()
    const plane = await planeTo(old)
    const left = Promise.withResolvers<void>()
    old.onUser = (response) => {
      const { socket } = response
      socket?.once('close', () => left.resolve())
      answer(200)(response)
      // So soon that no request that must not be sent twice may use an idle one any more.
      setImmediate(() => socket?.end())
    }
    await plane.ask({ method: 'POST' })
    await left.promise
    const next = await successorOf(old)
    plane.route([next.routed], HOW)
    await plane.up(next.routed)
    for (let count = 0; count < 5; count += 1) await plane.ask({ method: 'POST' })
    expect(next.connections()).toBe(1)
  })
})
