import type { RunningPeer } from '../peers/start-peer.ts'
import type { Sample } from '../sample.ts'
import { whileBusy } from '../while-busy.ts'
import type { Cost } from './loaded.ts'
import { type PacedLoad, withLatency } from './with-latency.ts'

export type PeerCost = readonly [peer: RunningPeer, cost: Cost]

/** A proxy that can hardly do the rate would show its queue, not its latency. */
const ROOM = 1.2
/** Beyond this the load and the instances wait for each other, and a latency shows that too. */
const CROWDED = 0.8

/** Adds to what each cost the latency at a rate that is the same for all. One that cannot do it has none. */
export async function atOneRate(
  costs: readonly PeerCost[],
  perSecond: number,
  loads: (peers: readonly RunningPeer[]) => Promise<readonly PacedLoad[]>,
): Promise<readonly Sample[]> {
  const able = costs.filter(([, cost]) => cost.rps >= perSecond * ROOM).map(([peer]) => peer)
  const { result, busy } = await whileBusy(() => loads(able))
  const crowded = `the load's cores were ${Math.round(busy * 100)}% busy while latency was taken`
  return costs.map(([peer, cost]) => {
    const load = result[able.indexOf(peer)]
    if (!load) return noting(cost, `it cannot do ${perSecond}/s, at which latency was taken`)
    const sample = withLatency(cost, load)
    return busy > CROWDED ? noting(sample, crowded) : sample
  })
}

/** Half of the rate that nginx can do; of the fastest, where nginx is not among them. */
export function halfOfNginx(costs: readonly PeerCost[]): number {
  const nginx = costs.find(([peer]) => peer.name === 'nginx')
  const most = nginx?.[1].rps ?? Math.max(0, ...costs.map(([, cost]) => cost.rps))
  return Math.max(1, Math.round(most / 2))
}

function noting(sample: Sample, note: string): Sample {
  return { ...sample, notes: [...(sample.notes ?? []), note] }
}
