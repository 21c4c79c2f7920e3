import type { Instance } from '../../src/core/instance.ts'
import type { Release } from '../../src/core/release.ts'
import type { Route } from '../../src/core/route.ts'
import type { World } from '../../src/core/step.ts'
import {
  type Counts,
  type InstanceTraffic,
  NO_COUNTS,
  type Traffic,
} from '../../src/core/traffic.ts'
import { aServiceIn } from './a-release.ts'
import { fakeClock } from './fake-clock.ts'

/** What the proxy and the runtime report at one moment. */
export interface Moment {
  readonly instances?: readonly Partial<InstanceTraffic>[]
  readonly counts?: Partial<Counts>
  readonly orphans?: number
  readonly ended?: Pick<Extract<Instance['state'], { kind: 'ended' }>, 'code' | 'signal'>
}

/** A world whose proxy tells one moment after the other, the last one for ever, and whose clock only sleeping moves. */
export function scriptedWorld(
  moments: readonly Moment[],
  begunAt: Counts = NO_COUNTS,
): World & { readonly applied: Route[] } {
  const spec = aServiceIn('/app')
  const applied: Route[] = []
  let at = -1
  const now = () => moments[Math.min(Math.max(at, 0), moments.length - 1)] ?? {}
  const clock = fakeClock()
  const release: Release = {
    service: 'shop',
    id: 'v2',
    directory: '/app',
    spec,
    madeAtMs: 0,
    digest: '',
  }
  const route: Route = {
    service: 'shop',
    weights: {},
    instances: [],
    listen: spec.listen,
    ready: spec.ready,
    limits: spec.limits,
  }
  return {
    service: 'shop',
    applied,
    clock,
    exclusive: async (work) => work(),
    release: async () => release,
    baseline: () => begunAt,
    ask: async () => Promise.reject(new Error('nobody is asked here')),
    opinion: () => undefined,
    router: {
      read: async () => {
        at += 1
        return trafficOf(applied.at(-1) ?? route, now())
      },
      apply: async (next) => {
        applied.push(next)
      },
      observe: async () => undefined,
      remove: async () => undefined,
    },
    runtime: {
      start: async () => Promise.reject(new Error('nothing is started here')),
      stop: async () => undefined,
      measure: async () => undefined,
      list: async () => [instanceOf(now(), clock.now())],
    },
  }
}

function trafficOf(route: Route, { instances = [{}], counts = {}, orphans }: Moment): Traffic {
  const seen = instances.map((each): InstanceTraffic => ({
    id: 'shop.v2.0',
    release: 'v2',
    health: 'up',
    requests: 0,
    upgrades: 0,
    ...each,
  }))
  return {
    route,
    instances: seen,
    counts: { v2: { ...NO_COUNTS, ...counts } },
    ...(orphans !== undefined && { orphans }),
    held: 0,
    holding: 0,
    refused: 0,
    rejected: 0,
  }
}

function instanceOf({ ended }: Moment, now: number): Instance {
  return {
    id: 'shop.v2.0',
    service: 'shop',
    release: 'v2',
    slot: 0,
    address: { host: '127.0.0.1', port: 20_000 },
    generation: 'one',
    startedAtMs: now - 5_000,
    state: ended ? { kind: 'ended', ...ended } : { kind: 'running', pid: 1 },
  }
}
