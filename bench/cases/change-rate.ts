import { setTimeout } from 'node:timers/promises'
import type { Route, RouteInstance } from '../../src/core/route.ts'
import { wrk } from '../load/wrk.ts'
import { routeFor } from '../peers/midflight.ts'
import { hostAndPort } from '../peers/peer.ts'
import type { RunningPeer } from '../peers/start-peer.ts'
import { proxyControl } from '../proxy-control.ts'
import { spreadOf } from '../sample.ts'
import type { CaseOfOne } from './case.ts'
import { loaded } from './loaded.ts'

const EVERY_MS = 100

/**
 * The small GETs of `get-tcp` while the route changes ten times a second: instances join and leave, weights move. The
 * latency is that of a change, from the order until it is on the disk and obeyed.
 */
export function changeRate(name: string): CaseOfOne {
  return {
    name,
    entry: 'http',
    origin: 'tcp',
    needs: ['wrk'],
    onlyMidflight: true,
    take: async (trial) => {
      const { stage, seconds } = trial.terms
      const peer = await trial.start('http', 'tcp')
      const plan = { url: `http://${hostAndPort(peer.address)}/`, connections: 64 }
      await wrk(stage, { ...plan, seconds: 1, connection: 'kept' })
      const changes = startChanges(peer)
      const cost = await loaded(peer, () => wrk(stage, { ...plan, seconds, connection: 'kept' }))
      return { ...cost, latency: spreadOf(await changes.stop()) }
    },
  }
}

function startChanges({ setup }: RunningPeer) {
  const control = proxyControl(setup.folder)
  const took: number[] = []
  const over = new AbortController()
  const changing = (async () => {
    for (let n = 0; !over.signal.aborted; n += 1) {
      const startedAt = performance.now()
      await control.apply(changed(routeFor(setup), n))
      const ms = performance.now() - startedAt
      took.push(ms)
      await setTimeout(Math.max(0, EVERY_MS - ms))
    }
  })()
  const stop = async (): Promise<readonly number[]> => {
    over.abort()
    await changing
    return took
  }
  return { stop }
}

/** `v1` stays; each second change brings a new instance of `v2`, which takes part of the traffic in the next one. */
function changed(route: Route, n: number): Route {
  const guest: RouteInstance[] = route.instances.map((instance) => ({
    ...instance,
    id: 'bench.v2.0',
    release: 'v2',
    generation: `g${n >> 1}`,
  }))
  const share = n % 2 === 0 ? 0 : 5_000
  const weights = { v1: 10_000 - share, v2: share }
  return { ...route, weights, instances: [...route.instances, ...guest] }
}
