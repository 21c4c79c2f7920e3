import { describe, expect, it } from 'vitest'
import { arrive, living, settled, shifted } from './roles.ts'
import type { Route, Weights } from './route.ts'

const V1 = { v1: 10_000 }
const V2 = { v2: 10_000 }
const HALF = { v1: 5_000, v2: 5_000 }

/** A route in which each of these releases has one instance. */
function routeOf(releases: readonly string[], weights: Weights, roles?: Route['roles']): Route {
  return {
    service: 'shop',
    listen: { host: '127.0.0.1', port: 8080 },
    weights,
    instances: releases.map((release) => ({
      id: `shop.${release}.0`,
      release,
      address: { host: '127.0.0.1', port: 1 },
      state: 'serving',
      generation: release,
    })),
    ready: { path: '/', intervalMs: 1, timeoutMs: 1, up: 1, down: 1, startupMs: 1 },
    limits: {
      headBytes: 1,
      bodyBytes: 1,
      headMs: 1,
      keepAliveMs: 1,
      idleMs: 1,
      connectMs: 1,
      answerMs: 1,
      holdMs: 1,
      holdRequests: 1,
    },
    ...(roles && { roles }),
  }
}

const both = (weights: Weights, roles?: Route['roles']) => routeOf(['v1', 'v2'], weights, roles)
const brought = { stable: 'v1', candidate: 'v2' }

describe('a release that comes in', () => {
  it('beside the one that serves is the candidate, before it has any weight', () => {
    expect(arrive(routeOf(['v1'], V1, { stable: 'v1' }), 'v2').roles).toEqual(brought)
  })

  it('is the candidate beside a release whose route knew no roles yet', () => {
    expect(arrive(routeOf(['v1'], V1), 'v2').roles).toEqual(brought)
  })

  it('has no role before the first release serves', () => {
    expect(arrive(routeOf([], {}), 'v1').roles).toBeUndefined()
  })

  it('again is no candidate: an instance of a warm or serving release was only replaced', () => {
    const roles = { stable: 'v2' }
    expect(arrive(both(V2, roles), 'v1').roles).toEqual(roles)
    expect(arrive(both(V2, roles), 'v2').roles).toEqual(roles)
  })
})

describe('a shift of traffic', () => {
  it('of a share leaves the old release stable', () => {
    const to = { v1: 9_500, v2: 500 }
    expect(shifted(both(V1, brought), { from: V1, to }, to).roles).toEqual(brought)
  })

  it('of everything makes the new release stable, and nobody is the candidate', () => {
    expect(shifted(both(HALF, brought), { from: HALF, to: V2 }, V2).roles).toEqual({ stable: 'v2' })
  })

  it('that is taken back leaves the roles as they were', () => {
    const back = shifted(both(V2, { stable: 'v2' }), { from: HALF, to: V2 }, HALF)
    expect(back.roles).toEqual(brought)
    expect(shifted(back, { from: V1, to: HALF }, V1).roles).toEqual(brought)
  })

  it('to a warm release makes it stable, and the one that was bad is no candidate', () => {
    const back = shifted(both(V2, { stable: 'v2' }), { from: V2, to: V1 }, V1)
    expect(back.roles).toEqual({ stable: 'v1' })
  })

  it('of the first release makes it stable, and taken back nobody is', () => {
    const first = { from: {}, to: V1 }
    expect(shifted(routeOf(['v1'], {}), first, V1).roles).toEqual({ stable: 'v1' })
    expect(shifted(routeOf(['v1'], V1, { stable: 'v1' }), first, {}).roles).toBeUndefined()
  })

  it('that changes nothing changes no role', () => {
    expect(shifted(both(HALF, brought), { from: HALF, to: HALF }, HALF).roles).toEqual(brought)
  })
})

describe('a release that leaves', () => {
  it('takes its role along', () => {
    expect(living(routeOf(['v1'], V1, brought)).roles).toEqual({ stable: 'v1' })
  })

  it('stays stable while it has weight, because its instances are only being replaced', () => {
    expect(living(routeOf(['v2'], V1, brought)).roles).toEqual(brought)
  })
})

describe('between rollouts', () => {
  it('nobody is the candidate beside the release that serves alone', () => {
    expect(settled(both(V1, brought)).roles).toEqual({ stable: 'v1' })
  })

  it('those who share the traffic keep their roles', () => {
    expect(settled(both(HALF, brought)).roles).toEqual(brought)
  })
})
