import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { instanceAt, LIMITS } from '../../../test/support/plane-under-test.ts'
import type { DescribedRequest } from '../../core/explanation.ts'
import type { Route, Weights } from '../../core/route.ts'
import type { TrafficSpec } from '../../core/service.ts'
import type { InstanceTraffic, Traffic } from '../../core/traffic.ts'
import { explain } from './explain.ts'
import { routingOf } from './routing.ts'
import { StickyCookie } from './sticky-cookie.ts'

const KEY = randomBytes(32)
const GET: DescribedRequest = { method: 'GET', path: '/cart', headers: [], client: '203.0.113.7' }
const RULES: TrafficSpec['rules'] = [
  { when: { header: { 'x-beta': { kind: 'exact', value: '1' } } }, to: 'candidate' },
  { when: { path: { kind: 'prefix', value: '/old' }, methods: ['GET'] }, to: 'stable' },
  { when: { path: { kind: 'exact', value: '/next' } }, to: { release: 'v9' } },
]

function seen(
  weights: Weights,
  traffic: TrafficSpec,
  healths: Readonly<Record<string, Partial<InstanceTraffic>>> = {},
): Traffic {
  const instances = [instanceAt(1, 'v1', 0), instanceAt(2, 'v1', 1), instanceAt(3, 'v2', 0)]
  const route: Route = {
    service: 'shop',
    listen: { host: '127.0.0.1', port: 1 },
    weights,
    instances,
    ready: { path: '/', intervalMs: 1, timeoutMs: 1, up: 1, down: 1, startupMs: 1 },
    limits: LIMITS,
    traffic,
    roles: { stable: 'v1', candidate: 'v2' },
  }
  const known = instances.map(({ id, release }) => ({
    id,
    release,
    health: 'up' as const,
    requests: 3,
    upgrades: 0,
    ...healths[id],
  }))
  return { route, instances: known, counts: {}, held: 0, holding: 0, refused: 0, rejected: 0 }
}

const told = (traffic: Traffic, request: Partial<DescribedRequest> = {}) =>
  explain(
    { ...GET, ...request },
    traffic,
    routingOf(traffic.route, { key: KEY, countries: () => () => 'DE' }),
  )

describe('an explanation', () => {
  it('says that a request would wait first while a person holds such requests', () => {
    const { route, ...rest } = seen({ v1: 10_000 }, {})
    const held: Traffic = { ...rest, route: { ...route, held: 'writes' } }
    expect(told(held, { method: 'POST' })).toMatchObject({ held: true, release: 'v1' })
    expect(told(held)).not.toHaveProperty('held')
  })

  it('says which rule matched, and what each one before it looked at', () => {
    const { rules, ...rest } = told(seen({ v1: 10_000 }, { rules: RULES }), {
      path: '/old/shoes?a',
    })
    expect(rest).toMatchObject({ decidedBy: 'rule', release: 'v1' })
    expect(rules).toEqual([
      {
        to: 'candidate (v2)',
        outcome: 'not-matched',
        parts: [{ wanted: 'header x-beta is "1"', holds: false }],
      },
      {
        to: 'stable (v1)',
        outcome: 'matched',
        parts: [
          { wanted: 'method is GET', found: 'GET', holds: true },
          { wanted: 'path begins with "/old"', found: '/old/shoes', holds: true },
        ],
      },
      { to: 'v9 (does not serve)', outcome: 'not-reached', parts: [] },
    ])
  })

  it('says that a rule matched in vain', () => {
    const explained = told(seen({ v1: 10_000 }, { rules: RULES }), { path: '/next' })
    expect(explained.rules.map(({ outcome }) => outcome)).toEqual([
      'not-matched',
      'not-matched',
      'unavailable',
    ])
    expect(explained).toMatchObject({ decidedBy: 'only-choice', release: 'v1' })
  })

  it('finds a preview without a share, and no instance that is down', () => {
    const headers = [['X-Beta', '1']] as const
    const traffic = seen({ v1: 10_000 }, { rules: RULES })
    expect(told(traffic, { headers })).toMatchObject({ decidedBy: 'rule', release: 'v2' })
    const down = seen(
      { v1: 10_000 },
      { rules: RULES },
      { 'shop.v2.0': { health: 'down', reason: 'gone' } },
    )
    expect(told(down, { headers })).toMatchObject({ decidedBy: 'only-choice', release: 'v1' })
    expect(told(down, { headers }).releases[1]?.instances).toEqual([
      {
        id: 'shop.v2.0',
        state: 'serving',
        health: 'down',
        reason: 'gone',
        ready: false,
        requests: 3,
      },
    ])
  })

  it('tells the user, from which share on it moves, and the instance it is kept on', () => {
    const sticky = { by: { kind: 'header', name: 'x-user' }, forMs: 0, scope: 'instance' } as const
    for (const name of ['ann', 'bob', 'cat', 'dan', 'eve']) {
      const headers = [['X-User', name]] as const
      const at = (v2: number) => told(seen({ v1: 10_000 - v2, v2 }, { sticky }), { headers })
      const explained = at(2500)
      const from = explained.user?.cohort?.from ?? NaN
      expect(explained).toMatchObject({ decidedBy: 'cohort', release: from < 0.25 ? 'v2' : 'v1' })
      expect(explained.user).toMatchObject({ by: 'header', key: name, cohort: { release: 'v2' } })
      expect(explained.instance).toMatch(`shop.${explained.release}.`)
      expect(at(Math.ceil(from * 10_000)).release).toBe('v2')
      expect(at(Math.floor(from * 10_000)).release).toBe('v1')
    }
  })

  it('reads the cookie that the proxy gave, and says when there is none', () => {
    const sticky = { by: { kind: 'cookie' }, forMs: 0, scope: 'instance' } as const
    const traffic = seen({ v1: 5000, v2: 5000 }, { sticky })
    expect(told(traffic)).toMatchObject({ decidedBy: 'draw', user: { by: 'cookie' } })
    expect(told(traffic).release).toBeUndefined()
    const cookie = new StickyCookie('shop', KEY, 0)
    const instances = [1, 2, 3].map((port, at) =>
      cookie.tagOf(instanceAt(port, at < 2 ? 'v1' : 'v2', at % 2)),
    )
    const line = cookie.line({ user: 'ann', instances: instances.slice(1) }, 'plain', Date.now())
    const headers = [['Cookie', /: ([^;]+)/.exec(line)![1]!]] as const
    const { release, instance } = told(traffic, { headers })
    expect(instance).toBe(release === 'v1' ? 'shop.v1.1' : 'shop.v2.0')
  })

  it('says that a request would wait when nobody is ready', () => {
    const down = { health: 'down' } as const
    const traffic = seen({ v1: 10_000 }, {}, { 'shop.v1.0': down, 'shop.v1.1': down })
    expect(told(traffic).decidedBy).toBe('nobody')
  })

  it('is a draw by the shares when nothing else is asked for', () => {
    expect(told(seen({ v1: 9000, v2: 1000 }, {}))).toMatchObject({ decidedBy: 'draw', rules: [] })
  })
})
