import { describe, expect, it } from 'vitest'
import { aServiceIn } from '../../test/support/a-release.ts'
import type { Instance } from '../core/instance.ts'
import type { Release } from '../core/release.ts'
import type { Route } from '../core/route.ts'
import type { ServiceSpec } from '../core/service.ts'
import { join, settings } from './route.ts'

const releaseOf = (set: Partial<ServiceSpec>): Release => ({
  service: 'shop',
  id: 'v2',
  directory: '/app',
  spec: aServiceIn('/app', set),
  madeAtMs: 0,
  digest: '',
})
const { listen, ready, limits } = aServiceIn('/app')
const route: Route = { service: 'shop', weights: {}, instances: [], listen, ready, limits }
const instance: Instance = {
  id: 'shop.v2.0',
  service: 'shop',
  release: 'v2',
  slot: 0,
  address: { path: '/state/run/1.sock' },
  startedAtMs: 0,
  generation: 'one',
  state: { kind: 'running', pid: 1 },
}

describe('the settings of a route', () => {
  it('are those of the release that leads, its traffic among them', () => {
    const traffic = { assets: ['/assets/'] }
    expect(settings(route, releaseOf({ traffic })).traffic).toEqual(traffic)
  })

  it('lose what the release does not ask for any more, and keep what is not its own', () => {
    const before: Route = { ...route, traffic: { logged: 1 }, held: 'all', roles: { stable: 'v1' } }
    expect(settings(before, releaseOf({}))).toEqual({
      ...route,
      held: 'all',
      roles: { stable: 'v1' },
    })
  })
})

describe('an instance that joins', () => {
  it('says how it is reached, what it speaks and how it is asked', () => {
    const check = { ...ready, check: 'grpc' } as const
    const joined = join(route, instance, releaseOf({ protocol: 'http2', ready: check }))
    expect(joined.instances).toEqual([
      {
        id: 'shop.v2.0',
        release: 'v2',
        address: { path: '/state/run/1.sock' },
        generation: 'one',
        state: 'serving',
        ready: check,
        protocol: 'http2',
      },
    ])
  })

  it('speaks what every instance spoke, where nothing is said', () => {
    expect(join(route, instance, releaseOf({})).instances[0]).not.toHaveProperty('protocol')
  })
})
