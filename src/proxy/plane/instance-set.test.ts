import { Incidents } from '../sight/incidents.ts'
import { afterEach, beforeEach, describe, expect, it, vi, test } from 'vitest'
import { seeded } from '../../lib/seeded.ts'
import type { BalanceSpec } from '../../core/balance.ts'
import type { RouteInstance, Weights } from '../../core/route.ts'
import type { Outlier } from './data-plane-port.ts'
import type { InstancePool } from './instance-pool.ts'
import { InstanceSet } from './instance-set.ts'
import { newTallies } from './tallies.ts'

const BALANCE: BalanceSpec = { policy: 'round-robin', slowStartMs: 10_000, requestsPerInstance: 0 }
const SLOTS = [0, 1, 2]

let freed = 0
const outliers: Outlier[] = []

beforeEach(() => {
  freed = 0
  outliers.splice(0)
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => void vi.useRealTimers())

function newSet(): InstanceSet {
  const listener = {
    freed: () => void (freed += 1),
    outlier: (outlier: Outlier) => void outliers.push(outlier),
  }
  return new InstanceSet(newTallies(new Incidents(() => 'anybody')), seeded(7), listener)
}

function instance(slot: number, release = 'v1'): RouteInstance {
  return {
    id: `shop.${release}.${slot}`,
    release,
    address: { host: '127.0.0.1', port: 1 },
    state: 'serving',
    generation: 'g1',
  }
}

function applyTo(
  set: InstanceSet,
  balance: Partial<BalanceSpec> = {},
  weights: Weights = { v1: 10_000 },
  workers = 1,
): void {
  const releases = Object.keys(weights)
  const instances = releases.flatMap((release) => SLOTS.map((slot) => instance(slot, release)))
  set.apply({ weights, instances, traffic: { balance: { ...BALANCE, ...balance } } }, workers)
}

function mark(set: InstanceSet, slot: number, health: 'up' | 'down', release = 'v1'): void {
  set.mark({ id: `shop.${release}.${slot}`, generation: 'g1', health })
}

/** How many of 1000 requests each slot gets. */
function counts(set: InstanceSet): number[] {
  const byId = new Map<string, number>()
  for (let count = 0; count < 1000; count += 1) {
    const { id = '' } = set.choose(undefined) ?? {}
    byId.set(id, (byId.get(id) ?? 0) + 1)
  }
  return SLOTS.map((slot) => byId.get(`shop.v1.${slot}`) ?? 0)
}

function setWithAll(balance: Partial<BalanceSpec> = {}): InstanceSet {
  const set = newSet()
  applyTo(set, balance)
  for (const slot of SLOTS) mark(set, slot, 'up')
  return set
}

test('an instance that left gets nothing more, also when another one is named twice', () => {
  const set = newSet()
  set.apply({ weights: { v1: 10_000 }, instances: [instance(0), instance(1)] }, 1)
  for (const slot of [0, 1]) mark(set, slot, 'up')
  set.apply({ weights: { v1: 10_000 }, instances: [instance(0), instance(0)] }, 1)
  expect(counts(set)).toEqual([1000, 0, 0])
})

describe.each(['round-robin', 'least-loaded'] as const)('slow start by %s', (policy) => {
  const near = (share: number) => [expect.closeTo(share * 1000, -2)][0]

  it('gives an instance that comes back a share that grows to the whole', () => {
    const set = setWithAll({ policy })
    vi.advanceTimersByTime(10_000)
    mark(set, 2, 'down')
    expect(counts(set)[2]).toBe(0)
    mark(set, 2, 'up')
    const first = counts(set)[2]!
    expect(first).toBeGreaterThan(20)
    expect(first).toBeLessThan(80)
    vi.advanceTimersByTime(5_000)
    const middle = counts(set)[2]!
    expect(middle).toBeGreaterThan(140)
    expect(middle).toBeLessThan(260)
    vi.advanceTimersByTime(5_000)
    expect(counts(set)).toEqual([near(1 / 3), near(1 / 3), near(1 / 3)])
  })

  it('is for one that comes back from an ejection too', () => {
    const set = setWithAll({ policy })
    vi.advanceTimersByTime(10_000)
    const back = { id: 'shop.v1.2', generation: 'g1', health: 'up' } as const
    set.mark({ ...back, ejected: { reason: 'fails', untilMs: 1 } })
    expect(counts(set)[2]).toBe(0)
    set.mark(back)
    expect(counts(set)[2]).toBeLessThan(80)
  })

  it('does nothing when all instances of a release are new', () => {
    const set = setWithAll({ policy })
    vi.advanceTimersByTime(100)
    expect(counts(set)).toEqual([near(1 / 3), near(1 / 3), near(1 / 3)])
  })
})

describe('an instance that is full', () => {
  it('is not chosen, and whoever waits hears when it has room', () => {
    const set = setWithAll({ requestsPerInstance: 1 })
    const taken = SLOTS.map(() => take(set))
    expect(new Set(taken).size).toBe(3)
    expect(set.choose(undefined)).toBeUndefined()
    expect(set.anyFree).toBe(false)
    taken[1]!.requests -= 1
    expect(freed).toBe(1)
    expect(set.choose(undefined)).toBe(taken[1])
  })

  it('has its limit over all workers together, and one request at least in each', () => {
    const set = newSet()
    applyTo(set, { requestsPerInstance: 10 }, { v1: 10_000 }, 4)
    mark(set, 0, 'up')
    expect([take(set), take(set), set.choose(undefined)].map((each) => !!each)).toEqual([
      true,
      true,
      false,
    ])
    applyTo(set, { requestsPerInstance: 1 }, { v1: 10_000 }, 4)
    mark(set, 1, 'up')
    expect(take(set)?.id).toBe('shop.v1.1')
    expect(set.choose(undefined)).toBeUndefined()
  })

  it('leaves its part to the other release, when the whole release is full', () => {
    const set = newSet()
    applyTo(set, { requestsPerInstance: 1 }, { v1: 9_999, v2: 1 })
    mark(set, 0, 'up')
    mark(set, 0, 'up', 'v2')
    expect(new Set([take(set)?.release, take(set)?.release])).toEqual(new Set(['v1', 'v2']))
    expect(set.choose(undefined)).toBeUndefined()
  })

  it('is not chosen for being preferred, or for being the only one that did not fail', () => {
    const set = setWithAll({ requestsPerInstance: 1 })
    const [one] = [take(set)!]
    const release = set.pinnable(undefined)[0]!
    expect(set.pick(release, one)).not.toBe(one)
    const others = [take(set)!, take(set)!]
    others[0]!.requests -= 1
    expect(set.choose(others[0])).toBe(others[0])
    expect(set.choose(one)).toBe(others[0])
  })
})

describe('an instance on which requests fail', () => {
  const outliersOf = (consecutive: number) => ({
    outliers: {
      consecutive,
      share: 10_000,
      requests: 100,
      intervalMs: 10_000,
      ejectMs: 1,
      mostMs: 1,
      ejected: 5_000,
    },
  })

  it('is told of once, by its process', () => {
    const set = setWithAll(outliersOf(2))
    const [bad] = set.pinnable(undefined)[0]!.instances
    for (const status of [500, 0, 500]) bad!.answered(status, 0)
    const reason = '2 requests in a row failed, the last one got no whole answer'
    expect(outliers).toEqual([{ id: 'shop.v1.0', generation: 'g1', reason }])
  })

  it('is not told of while the others fail too', () => {
    const set = setWithAll(outliersOf(2))
    const [bad, worse, worst] = set.pinnable(undefined)[0]!.instances
    for (const each of [worse, worst]) each!.answered(500, 0)
    for (let count = 0; count < 5; count += 1) bad!.answered(500, 0)
    expect(outliers).toEqual([])
    worst!.answered(200, 0)
    bad!.answered(500, 0)
    expect(outliers).toHaveLength(1)
  })

  it.each([1, 2, 3])('is not told of where all fail one time in ten, by chance %d', (seed) => {
    const set = setWithAll({ ...outliersOf(5), policy: 'least-loaded' })
    const random = seeded(seed)
    for (let count = 0; count < 50_000; count += 1)
      set.choose(undefined)?.answered(random() < 0.1 ? 500 : 200, count)
    expect(outliers).toEqual([])
  })

  it('is told of soon where all fail one time in ten, and it alone fails always', () => {
    const set = setWithAll(outliersOf(5))
    const random = seeded(4)
    let count = 0
    for (; count < 3_000 && outliers.length === 0; count += 1) {
      const pool = set.choose(undefined)!
      const fails = pool.id === 'shop.v1.1' && count > 1_000 ? 1 : 0.1
      pool.answered(random() < fails ? 500 : 200, count)
    }
    expect(outliers.map(({ id }) => id)).toEqual(['shop.v1.1'])
    expect(count).toBeLessThan(1_500)
  })

  it('is not looked for where nobody asked', () => {
    const set = setWithAll()
    const [bad] = set.pinnable(undefined)[0]!.instances
    for (let count = 0; count < 50; count += 1) bad!.answered(500, 0)
    expect(outliers).toEqual([])
  })
})

function take(set: InstanceSet): InstancePool | undefined {
  const pool = set.choose(undefined)
  if (pool) pool.requests += 1
  return pool
}
