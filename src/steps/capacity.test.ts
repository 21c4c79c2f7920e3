import { describe, expect, it } from 'vitest'
import { aServiceIn } from '../../test/support/a-release.ts'
import type { Weights } from '../core/route.ts'
import type { InstanceTraffic, Traffic } from '../core/traffic.ts'
import { carriedNow, readyOf, shortageIn } from './capacity.ts'

const { listen, ready, limits } = aServiceIn('/app')

type Seen = readonly [id: string, health: InstanceTraffic['health'], state?: 'serving' | 'draining']

/** `v1.0` is instance 0 of v1. */
function traffic(weights: Weights, ...seen: readonly Seen[]): Traffic {
  const releaseOf = (id: string) => id.slice(0, 2)
  const instances = seen.map(([id, , state = 'serving']) => ({
    id,
    release: releaseOf(id),
    address: { path: '/sock' },
    state,
    generation: 'one',
  }))
  return {
    route: { service: 'shop', listen, weights, instances, ready, limits },
    instances: seen.map(([id, health]) => ({
      id,
      release: releaseOf(id),
      health,
      requests: 0,
      upgrades: 0,
    })),
    counts: {},
    held: 0,
    holding: 0,
    refused: 0,
    rejected: 0,
  }
}

describe('what can carry traffic', () => {
  it('is up and serves: who drains or is down carries nothing', () => {
    const now = traffic({}, ['v1.0', 'up'], ['v1.1', 'down'], ['v1.2', 'up', 'draining'])
    expect(readyOf(now, 'v1')).toBe(1)
  })

  it('is not what the proxy has taken out because its users meet errors', () => {
    const now = traffic({}, ['v1.0', 'up'])
    const ejected = { reason: 'answered 500', untilMs: 1 }
    const instances = now.instances.map((each) => ({ ...each, ejected }))
    expect(readyOf({ ...now, instances }, 'v1')).toBe(0)
  })
})

describe('a shortage', () => {
  const up: readonly Seen[] = [
    ['v1.0', 'up'],
    ['v2.0', 'up'],
    ['v2.1', 'unproven'],
  ]

  it('is of the release that gets more, with what is ready and what is needed', () => {
    const now = traffic({ v1: 10_000 }, ...up)
    expect(shortageIn(now, { v2: 10_000 }, { v2: 2 })).toEqual({
      release: 'v2',
      ready: 1,
      needed: 2,
      members: ['v2.0', 'v2.1'],
    })
    expect(shortageIn(now, { v1: 5_000, v2: 5_000 }, { v1: 1, v2: 1 })).toBeUndefined()
  })

  it('is not of a release that gets less: to keep more would not help it', () => {
    const now = traffic({ v1: 10_000 }, ...up)
    expect(shortageIn(now, { v1: 5_000, v2: 5_000 }, { v1: 2, v2: 1 })).toBeUndefined()
  })
})

describe('what can be moved at once', () => {
  it.each([
    [{ v2: 10_000 }, 0, { v1: 0, v2: 10_000 }],
    [{ v2: 10_000 }, 1, { v1: 2_500, v2: 7_500 }],
    [{ v1: 5_000, v2: 5_000 }, 3, { v1: 7_500, v2: 2_500 }],
    [{ v1: 5_000, v2: 5_000 }, 1, { v1: 5_000, v2: 5_000 }],
  ])('of %j with %i of 4 instances ready is %j', (now, ready, carried) => {
    expect(carriedNow(now, { v1: 10_000 }, { release: 'v1', ready, needed: 4 })).toEqual(carried)
  })
})
