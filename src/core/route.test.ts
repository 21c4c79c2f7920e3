import { describe, expect, it } from 'vitest'
import { faultOf, type Route } from './route.ts'

const route = (weights: Record<string, number>): Route => ({
  service: 'shop',
  listen: { host: '127.0.0.1', port: 8080 },
  weights,
  instances: [],
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
})

describe('a route', () => {
  it('is bad when a role names a release that is not in it', () => {
    const bad = { ...route({ v1: 10_000 }), roles: { stable: 'v1', candidate: 'v2' } }
    expect(faultOf(bad)).toBe('v2 is candidate and not in the route')
    expect(faultOf({ ...bad, roles: { stable: 'v1' } })).toBeUndefined()
  })

  it('is bad when a share of its traffic settings is none', () => {
    const mirror = {
      to: 'candidate',
      share: 10_001,
      methods: ['GET'],
      bodyBytes: 0,
      ignoredFields: [],
    } as const
    expect(faultOf({ ...route({}), traffic: { mirror } })).toContain('the mirrored share is 10001')
    expect(faultOf({ ...route({}), traffic: { logged: -1 } })).toContain('the logged share is -1')
  })

  it('is good when its shares add up to 100%', () => {
    expect(faultOf(route({ v1: 9_999, v2: 1 }))).toBeUndefined()
  })

  it('is good without any share, before the first release', () => {
    expect(faultOf(route({}))).toBeUndefined()
  })

  it('names the sum when the shares do not add up', () => {
    expect(faultOf(route({ v1: 9_000, v2: 500 }))).toBe('the shares add up to 95%, not 100%')
  })

  it('names a share that is not a whole number of basis points', () => {
    expect(faultOf(route({ v1: 0.5, v2: 9_999.5 }))).toContain('the share of v1 is 0.5')
  })
})
